import assert from 'node:assert/strict';
import { startAzure, type Azure, type PlayedRun } from '../azure/index.ts';
import { sampleHandoff, startDeployment } from '../bench/deployment.ts';
import { loginServer, type Pipeline, type PipelineOptions } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const proxyCredentials = { username: 'agent', password: 'pröxy:p@ss/word' };
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe("HandoffImport on the agent's network", () => {
  let azure: Azure;
  let ci: PlayedRun;
  let pipeline: Pipeline | undefined;

  before(async () => {
    azure = await startAzure({ proxyCredentials });
    azure.registry(loginServer);
    ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
    const files = { 'variables.json': Buffer.from(JSON.stringify(sampleHandoff(ci, digest('a'), digest('b')))) };
    ci.artifacts.push({ name: 'build-artifact', kind: 'PipelineArtifact', files });
  });
  after(() => azure.close());
  afterEach(async () => {
    await pipeline?.close();
    pipeline = undefined;
  });

  /** The environment says nothing of proxy and certificates: only the agent's own settings lead to Azure. */
  const bare = { HTTPS_PROXY: '', HTTP_PROXY: '', NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' };

  async function started(options: PipelineOptions): Promise<Pipeline> {
    const registry = azure.registry(`r${Math.random().toString(36).slice(2)}.azurecr.io`);
    pipeline = await startDeployment(azure, registry, ci, options);
    return pipeline;
  }

  it("goes through the agent's proxy, with its user, password and certificate authority", async () => {
    const proxy = { url: azure.proxyUrl, ...proxyCredentials };
    const cd = await started({ job: { proxy, caFile: azure.caFile, environment: bare } });
    const step = await cd.run('HandoffImport');
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    // task-lib itself writes the proxy's password into a debug line as it starts; the agent hides it.
    const seen = cd.job
      .secretLeaks(step)
      .filter(({ secret, place }) => place === 'log' || !secret.includes('ProxyPassword'));
    assert.deepEqual([...step.violations, ...seen], []);
  });

  it('says that a certificate is not trusted', async () => {
    const proxy = { url: azure.proxyUrl, ...proxyCredentials };
    const cd = await started({ job: { proxy, environment: bare } });
    assert.match(refusalOf(await cd.run('HandoffImport')), /Azure DevOps did not show run 703 .*certificate/);
  });

  it('says what is missing when the token of the job is refused', async () => {
    const cd = await started({ job: { accessToken: 'a-token-of-nobody-0123456789' } });
    const step = await cd.run('HandoffImport');
    assert.match(refusalOf(step), /\(HTTP 401: .*View builds/);
    assert.deepEqual(cd.job.secretLeaks(step), []);
  });

  for (const node of ['20', '24'] as const) {
    it(`runs on Node ${node}`, async () => {
      const cd = await started({ node });
      const step = await cd.run('HandoffImport', { name: 'handoff' });
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(step.outputs['chartDigest'], digest('a'));
    });
  }

  it('stops when the run is cancelled, and sets nothing', async () => {
    const fault = azure.fault({ kind: 'hang', times: Infinity, match: ({ host }) => host.startsWith('vsblob') });
    const cd = await started({});
    const controller = new AbortController();
    const onLine = (line: string): void => {
      if (line.includes('Fetching artifact')) controller.abort();
    };
    const step = await cd.run('HandoffImport', { cancel: controller.signal, onLine });
    fault.lift();
    assert.equal(step.result, 'Canceled');
    assert.deepEqual(step.outputs, {});
  });
});
