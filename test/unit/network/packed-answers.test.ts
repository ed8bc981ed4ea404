import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';
import { senderOf } from '../../../tasks/common/network/http.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';
import { networkContext } from './network-context.ts';

const large = Buffer.alloc(8 * 1024 * 1024, ' ');

describe('An answer that is read whole', () => {
  let server: Server;
  let url = '';
  const asked: (string | undefined)[] = [];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.headers['accept-encoding']);
      const packed = request.url === '/packed';
      response.writeHead(200, packed ? { 'content-encoding': 'gzip' } : {});
      response.end(packed ? gzipSync(large) : large);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    url = `http://127.0.0.1:${address.port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = (path: string): Promise<string> =>
    senderOf(createPipelineFromOptions({}), networkContext(), { firstMs: 300_000, totalMs: 300_000 })(
      createPipelineRequest({ url: url + path, allowInsecureConnection: true }),
    ).then(({ bodyAsText }) => `${bodyAsText?.length ?? 0} characters`, messageOf);

  it('has a limit', async () => {
    assert.match(await send('/'), /sent an answer of more than the allowed 4194304 bytes/);
  });

  it('is not asked for packed, and is never unpacked, by clients of an SDK neither', async () => {
    assert.match(await send('/packed'), /^\d{4,5} characters$/);
    assert.deepEqual(new Set(asked), new Set([undefined]));
  });
});
