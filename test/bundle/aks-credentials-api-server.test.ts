import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https, { type Server } from 'node:https';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { adminRole, startClusterPipeline, type ClusterPipeline } from '../bench/cluster-pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const spaces = Buffer.alloc(1024 * 1024, ' ');

describe('AksCredentials: an API server that means no good', () => {
  let pipeline: ClusterPipeline;
  let server: Server;
  let answer: (response: ServerResponse) => unknown;
  const asked: IncomingMessage[] = [];

  before(async () => {
    pipeline = await startClusterPipeline({ programs: [], roles: [adminRole] });
    const { azure, cluster } = pipeline;
    const { certificate: cert, key } = cluster.authority.serverCredential(cluster.fqdn);
    server = https.createServer({ cert, key }, (request, response) => {
      asked.push(request);
      answer(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    azure.leaveHost(cluster.fqdn, address.port);
  });
  beforeEach(() => void (asked.length = 0));
  after(async () => {
    server.closeAllConnections();
    server.close();
    await pipeline.close();
  });

  const refusal = async (): Promise<string> =>
    refusalOf(await pipeline.fetch({ useClusterAdmin: 'true' }, { condition: 'always()' }));

  it('cannot fill the memory with an answer that does not end', async () => {
    answer = (response) => {
      const endless = Readable.from(
        (function* () {
          for (;;) yield spaces;
        })(),
      );
      response.once('close', () => endless.destroy());
      endless.pipe(response);
    };
    assert.match(await refusal(), /azmk8s\.io sent an answer of more than the allowed 4194304 bytes/);
  });

  it('cannot do so with a small one that unfolds, which is not asked for and not unpacked', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')));
    };
    assert.match(await refusal(), /did not reach the API server .* \(HTTP 200\)/);
    assert.deepEqual(new Set(asked.map(({ headers }) => headers['accept-encoding'])), new Set([undefined]));
  });

  it('cannot send the question elsewhere', async () => {
    answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    assert.match(await refusal(), /\(HTTP 307\)/);
    assert.deepEqual(
      asked.map(({ url }) => url),
      ['/apis/authentication.k8s.io/v1/selfsubjectreviews'],
    );
  });
});
