import assert from 'node:assert/strict';
import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { clientOptions } from '../../../tasks/common/network/index.ts';
import { redirects } from '../../../tasks/common/network/download.ts';
import { networkContext } from './network-context.ts';

type Answer = readonly [status: number, location?: string];

/** A server that answers with these one after the other, and what it was asked: method, address, sign-in and body. */
function server(...answers: Answer[]) {
  const asked: string[] = [];
  const send = async (request: ReturnType<typeof createPipelineRequest>): Promise<PipelineResponse> => {
    const [status, location] = answers[asked.length] ?? [200];
    const parts = [
      request.method,
      request.url,
      request.headers.get('authorization') ?? '-',
      typeof request.body === 'string' ? request.body : '-',
    ];
    asked.push(parts.join(' '));
    return { request, status, headers: createHttpHeaders(location === undefined ? {} : { location }), bodyAsText: '' };
  };
  return { asked, send };
}

const request = (method: HttpMethods, body?: string) =>
  createPipelineRequest({
    url: 'https://a.contoso.com/1',
    method,
    headers: createHttpHeaders({ authorization: 'Basic x' }),
    ...(body !== undefined && { body }),
  });

/** What is asked of that server in all. */
async function follow(method: HttpMethods, ...answers: Answer[]): Promise<string[]> {
  const { asked, send } = server(...answers);
  await redirects.sendRequest(request(method), send);
  return asked;
}

describe('A redirect of a download', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`with ${status} takes the sign-in along on the same host only`, async () => {
      assert.deepEqual(await follow('GET', [status, '/2'], [status, 'https://b.contoso.com/3']), [
        'GET https://a.contoso.com/1 Basic x -',
        'GET https://a.contoso.com/2 Basic x -',
        'GET https://b.contoso.com/3 - -',
      ]);
    });
  }

  it('gives the sign-in to no other port or protocol, and not back to the host that it came from', async () => {
    const others = ['https://a.contoso.com:444/', 'http://a.contoso.com/', 'https://a.contoso.com.evil.example/'];
    for (const other of others) {
      const asked = await follow('GET', [302, other], [302, 'https://a.contoso.com/back']);
      assert.deepEqual(asked.slice(1), [`GET ${other} - -`, 'GET https://a.contoso.com/back - -']);
    }
  });

  it('is followed five times, and only where it leads somewhere', async () => {
    assert.equal((await follow('GET', ...Array.from({ length: 9 }, () => [302, '/again'] as const))).length, 6);
    assert.equal((await follow('GET', [302])).length, 1);
    assert.equal((await follow('GET', [302, 'https://'])).length, 1);
    assert.equal((await follow('GET', [300, '/2'])).length, 1);
  });

  it('is not followed by a request that may carry a body', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      for (const status of [301, 302, 303, 307, 308]) assert.equal((await follow(method, [status, '/2'])).length, 1);
    }
  });
});

describe('A redirect of a request of the Azure SDK', () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'GET'] as const) {
    it(`is not followed to another host by ${method}`, async () => {
      for (const status of [300, 301, 302, 303, 307, 308]) {
        const { asked, send } = server([status, 'https://b.contoso.com/2']);
        const { additionalPolicies: _ours, ...options } = clientOptions(networkContext());
        const pipeline = createPipelineFromOptions(options);

        const response = await pipeline.sendRequest({ sendRequest: send }, request(method, 'secret=x'));

        assert.equal(response.status, status);
        assert.deepEqual(asked, [`${method} https://a.contoso.com/1 Basic x secret=x`]);
      }
    });
  }
});
