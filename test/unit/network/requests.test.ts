import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { clientOptions } from '../../../tasks/common/network/index.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { refusalOf } from '../chart/refusal.ts';
import { networkContext, type ToldContext } from './network-context.ts';

const url = 'https://contoso.azurecr.io/v2/';

/** Sends one request through the policies of a step's clients to a server that answers with this status and headers. */
function send(context: ToldContext, status: number, headers: Record<string, string> = {}): Promise<PipelineResponse> {
  return sendTo(context, async (request) => ({ request, status, headers: createHttpHeaders(headers) }));
}

type Answer = (request: ReturnType<typeof createPipelineRequest>) => Promise<PipelineResponse>;

async function sendTo(context: ToldContext, answer: Answer): Promise<PipelineResponse> {
  const throughAll = clientOptions(context).additionalPolicies.reduceRight<Answer>(
    (next, { policy }) =>
      (request) =>
        policy.sendRequest(request, next),
    answer,
  );
  return throughAll(createPipelineRequest({ url }));
}

describe('requests of a step', () => {
  for (const headers of [
    { 'retry-after': '121' },
    { 'retry-after': '500.5' },
    { 'retry-after': new Date(Date.now() + 600_000).toUTCString() },
    { 'retry-after-ms': '130000' },
    { 'x-ms-retry-after-ms': '130000', 'retry-after': '1' },
  ]) {
    it(`give up on a server that asks to wait too long: ${Object.keys(headers).join()}`, async () => {
      const message = await refusalOf(() => send(networkContext(), 429, headers));

      assert.match(message, /^contoso\.azurecr\.io is overloaded \(HTTP 429\) and asks to come back in \d+ s; run the/);
    });
  }

  it('wait as long as a server asks within two minutes, and say so', async () => {
    const context = networkContext();

    assert.equal((await send(context, 503, { 'retry-after': '120' })).status, 503);
    assert.deepEqual(context.told, ['contoso.azurecr.io answers HTTP 503; waiting 120 s.']);
  });

  it('say nothing of waits that are short, past or none', async () => {
    const context = networkContext();
    for (const value of ['0', 'Thu, 01 Jan 2026 00:00:00 GMT', 'soon', ''])
      await send(context, 429, { 'retry-after': value });
    await send(context, 429);
    await send(context, 404, { 'retry-after': '999' });

    assert.deepEqual(context.told, []);
  });

  it('tell what a proxy without its password needs', async () => {
    const message = await refusalOf(() => send(networkContext(), 407));

    assert.match(message, /^The proxy wants a user and a password \(HTTP 407 on the way to contoso\.azurecr\.io\)/);
  });

  it('are not sent after a cancel, and are broken off by one', async () => {
    const controller = new AbortController();
    const context = networkContext({}, controller.signal);
    const waiting = sendTo(
      context,
      (request) =>
        new Promise((_resolve, reject) => {
          request.abortSignal?.addEventListener('abort', () => reject(new Error('broken off')));
        }),
    );
    await new Promise(setImmediate);
    controller.abort(new TaskError('The run was cancelled.'));

    await assert.rejects(waiting, /broken off/);
    assert.equal(await refusalOf(() => send(context, 200)), 'The run was cancelled.');
  });
});
