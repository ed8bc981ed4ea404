import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { createEmptyPipeline, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { senderOf } from '../../../tasks/common/network/http.ts';
import { networkContext } from './network-context.ts';

describe('The time limit of a request', () => {
  let server: Server;
  before(async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('counts as a connection that may be tried again', async () => {
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = `http://127.0.0.1:${address.port}/`;
    const send = senderOf(createEmptyPipeline(), networkContext(), 50);
    await assert.rejects(send(createPipelineRequest({ url, allowInsecureConnection: true })), (error) => {
      assert.ok(error instanceof RestError);
      assert.equal(error.code, 'ETIMEDOUT');
      assert.match(error.message, /^127\.0\.0\.1:\d+ did not answer within 0\.05 s$/);
      return true;
    });
  });
});
