import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  RestError,
  type SendRequest,
} from '@azure/core-rest-pipeline';
import { type ClientOptions, clientOptions, httpSender, SilentHost } from '../../../tasks/common/network/index.ts';
import { watchBody } from '../../../tasks/common/network/answers.ts';
import { Patience } from '../../../tasks/common/network/patience.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';
import { networkContext } from './network-context.ts';

/** A host that says nothing is given up soon; one that answers, however slowly, is heard. */
const soon = { firstMs: 250, totalMs: 1000 };
const patient = { firstMs: 60_000, totalMs: 240_000 };

const nothing: Answer = () => undefined;

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

describe('The time limit of a request', () => {
  let server: Server;
  let url = '';
  let asked = 0;
  let answer = nothing;

  before(async () => {
    server = createServer((request, response) => {
      asked += 1;
      answer(request, response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    url = `http://127.0.0.1:${address.port}/`;
  });
  beforeEach(() => {
    asked = 0;
    answer = nothing;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (silence = soon, body?: Buffer): Promise<string> =>
    httpSender(
      networkContext(),
      'if broken',
      silence,
    )({
      method: body === undefined ? 'GET' : 'PUT',
      url,
      allowHttp: true,
      ...(body && { body }),
    }).then(({ status, bytes }) => `HTTP ${status}, ${bytes.length} bytes`, messageOf);

  const givenUp = /^127\.0\.0\.1:\d+ did not answer within 1 s: check that the network of this agent/;

  it('holds for all its tries together, and names the host', async () => {
    assert.match(await ask(), givenUp);
    assert.equal(asked, 2);
  });

  it('holds for bodies, too', async () => {
    answer = (_request, response) => response.writeHead(200).write('the beginning');
    assert.match(await ask(), givenUp);
    assert.equal(asked, 2);
  });

  it('ends a body that is read as it comes, but comes in drops', async () => {
    let drops: NodeJS.Timeout | undefined;
    answer = (_request, response) => {
      drops = setInterval(() => response.write('.'), 5);
      response.once('close', () => clearInterval(drops));
    };
    const request = createPipelineRequest({
      url,
      allowInsecureConnection: true,
      streamResponseStatusCodes: new Set([200]),
    });
    const response = await createDefaultHttpClient().sendRequest(request);
    watchBody(response, new Patience(patient), 60);
    const { readableStreamBody: body } = response;
    assert.ok(body !== undefined);
    await assert.rejects(text(body), { name: 'TaskError', message: /^127\.0\.0\.1:\d+ did not end its answer within/ });
  });

  it('holds for what is uploaded', async () => {
    assert.match(await ask(soon, Buffer.alloc(8 * 1024 * 1024)), givenUp);
    assert.equal(asked, 1);
  });

  it('lets a large body arrive whole', async () => {
    answer = async (request, response) => {
      let size = 0;
      for await (const chunk of request) size += Buffer.from(chunk).length;
      response.end(`${request.headers['content-length']} ${size}`);
    };
    assert.equal(await ask(patient, Buffer.alloc(100_000)), 'HTTP 200, 13 bytes');
  });

  it('is longer in the second try, for a host that is slow', async () => {
    answer = (_request, response) => void setTimeout(() => response.end('late'), 200);
    assert.equal(await ask({ firstMs: 30, totalMs: 240_000 }), 'HTTP 200, 4 bytes');
  });

  it('does not end a few tries at a host that is busy', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '0' }).end();
    const send = httpSender(networkContext(), 'if busy', patient);
    assert.equal((await send({ method: 'PUT', url, allowHttp: true })).status, 429);
    assert.equal(asked, 4);
  });

  it('is waited out once in a step: who asks the same host next is told at once', async () => {
    const context = networkContext();
    const send = httpSender(context, 'if broken', soon);
    const one = { method: 'GET', url, allowHttp: true } as const;
    await assert.rejects(send(one), SilentHost);
    await assert.rejects(send({ ...one, url: `${url}other` }), SilentHost);
    assert.equal(asked, 2);
  });

  it('holds for clients of an SDK', async () => {
    const context = networkContext();
    const options = clientOptions(context, soon);
    await assert.rejects(tried(options, url), SilentHost);
    assert.equal(asked, 2);
  });
});

/** Sends a request through a client's policies until the error is none that is tried again. */
async function tried({ additionalPolicies }: ClientOptions, url: string): Promise<unknown> {
  const client = createDefaultHttpClient();
  const send = additionalPolicies.reduceRight<SendRequest>(
    (next, { policy }) =>
      (request) =>
        policy.sendRequest(request, next),
    (request) => client.sendRequest(request),
  );
  const request = createPipelineRequest({ url, allowInsecureConnection: true, headers: createHttpHeaders() });
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      return await send(request);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
    }
  }
  return undefined;
}

describe('The patience with a busy host', () => {
  it('is one for all the waits that it asks for', () => {
    const patience = new Patience();
    assert.deepEqual(
      [60, 45, 30, 15].map((seconds) => patience.grants(seconds * 1000)),
      [true, true, false, true],
    );
  });

  it('leaves time for the try after the wait', () => {
    const patience = new Patience();
    assert.ok(patience.grants(120_000));
    assert.equal(patience.nextMs(), 30_000);
  });
});
