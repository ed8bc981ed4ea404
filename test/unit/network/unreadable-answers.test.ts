import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { createDefaultHttpClient, createPipelineRequest, type SendRequest } from '@azure/core-rest-pipeline';
import { clientOptions } from '../../../tasks/common/network/index.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';
import { networkContext } from './network-context.ts';

const token = 'a-token-that-nobody-knows-yet';

describe('An answer to a client of the SDK', () => {
  let server: Server;
  let url = '';
  let [status, type, body] = [200, '', ''];

  before(async () => {
    server = createServer((_request, response) => response.writeHead(status, { 'content-type': type }).end(body));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    url = `http://127.0.0.1:${address.port}/`;
  });
  beforeEach(() => ([status, type, body] = [200, 'application/json', '{}']));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** What comes through all policies of such a client: the text, or why there is none. */
  const seen = (): Promise<string> => {
    const client = createDefaultHttpClient();
    const send = clientOptions(networkContext()).additionalPolicies.reduceRight<SendRequest>(
      (next, { policy }) =>
        (request) =>
          policy.sendRequest(request, next),
      (request) => client.sendRequest(request),
    );
    const request = createPipelineRequest({ url, allowInsecureConnection: true });
    return send(request).then(({ bodyAsText }) => bodyAsText ?? '', messageOf);
  };

  it('never comes into an error with the token in it, when it is none that can be read', async () => {
    for (const broken of [`{"access_token":"${token}"} x`, `{"access_token":"${token}`, `<token>${token}</token>`]) {
      for (const each of ['application/json', 'application/xml', 'text/plain']) {
        [type, body] = [each, broken];
        const expected = `that cannot be read (HTTP 200, ${broken.length} characters that are no JSON)`;
        assert.ok((await seen()).includes(expected), await seen());
      }
    }
  });

  it('comes through when it is JSON, empty, a page, or a refusal', async () => {
    for (const each of ['{"a":1}', '[]', '']) {
      body = each;
      assert.equal(await seen(), each);
    }
    [type, body] = ['text/html; charset=utf-8', '<html>'];
    assert.equal(await seen(), '<html>');
    [status, type, body] = [400, 'text/plain', 'Bad request'];
    assert.equal(await seen(), 'Bad request');
  });
});
