import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { PipelineRuns } from '../../../tasks/common/devops/runs.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';
import { networkContext } from '../network/network-context.ts';

describe('An answer of Azure DevOps', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let find: () => Promise<string>;
  let requests = 0;

  before(async () => {
    server = createServer((_request, response) => {
      requests += 1;
      answer(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const collection = `http://127.0.0.1:${address.port}/contoso/`;
    const context = {
      ...networkContext(),
      job: { accessToken: () => 'token-of-the-job', oidcRequestUri: () => '' },
      variable: (name: string) => (name === 'System.CollectionUri' ? collection : undefined),
      requiredVariable: () => collection,
    };
    find = () => new PipelineRuns('fabrikam', context).find(1).then(JSON.stringify, messageOf);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('has a limit, as every other that is read whole', async () => {
    answer = (response) => response.end(Buffer.alloc(8 * 1024 * 1024, ' '));
    assert.match(await find(), /sent an answer of more than the allowed 4194304 bytes/);
  });

  it('is never unpacked: few bytes would become gigabytes', async () => {
    answer = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(8 * 1024 * 1024, ' ')));
    assert.match(await find(), /Azure DevOps did not show run 1 .*a page instead of data/);
  });

  it('is not followed to another address', async () => {
    answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    const before = requests;
    assert.match(await find(), /Azure DevOps did not show run 1/);
    assert.equal(requests - before, 1);
  });
});
