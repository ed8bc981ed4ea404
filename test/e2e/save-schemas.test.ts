import assert from 'node:assert/strict';
import { startAzure } from '../azure/index.ts';
import { AppJobs, assertHolds, commonAt, saveApp } from '../bench/app-jobs.ts';
import { startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles, type FileContent } from '../bench/write-files.ts';

const host = 'schemas.contoso.example';
const schema = JSON.stringify({ properties: { a: { $ref: `https://${host}/x.json` } } });
const refused = new RegExp(
  `values\\.schema\\.json refers to "https://${host}/x\\.json" \\(\\$ref\\), which helm would fetch`,
);

describe('HelmChartSave: values schemas', () => {
  const apps = new AppJobs();

  async function jobWith(files: Record<string, FileContent>, dependencies = ''): Promise<Pipeline> {
    const pipeline = await apps.jobWith(dependencies);
    writeFiles(pipeline.job.folders.sources, files);
    return pipeline;
  }
  const asked = () => apps.azure.requests.filter((request) => request.host === host);

  before(() => apps.azure.chartRepository(host, []));

  for (const lint of ['true', 'false']) {
    it(`may not refer to the web, with lint ${lint}`, async () => {
      const pipeline = await jobWith({ 'app/values.schema.json': schema, 'app/values.yaml': 'a: text\n' });

      assert.match(refusalOf(await saveApp(pipeline, { lint })), refused);
      assert.deepEqual(asked(), []);
    });
  }

  it('may not refer to the web from a dependency that was just fetched', async () => {
    const files = { 'common/Chart.yaml': chartYaml('common', '1.2.0'), 'common/values.schema.json': schema };
    const pipeline = await jobWith(files, commonAt('file://../common'));

    const reason = refusalOf(await saveApp(pipeline));

    assert.match(reason, /^charts\/common-1\.2\.0\.tgz: common\/values\.schema\.json refers to/);
    assert.match(reason, refused);
    assert.deepEqual(asked(), []);
  });

  it('may stay by themselves, with an address of their own', async () => {
    const own = { $id: `https://${host}/v.json`, $defs: { x: {} }, properties: { a: { $ref: '#/$defs/x' } } };
    const pipeline = await jobWith({ 'app/values.schema.json': JSON.stringify(own), 'app/values.yaml': 'a: text\n' });

    await assertHolds(await saveApp(pipeline), 'app/values.schema.json');
    assert.deepEqual(asked(), []);
  });

  it('may refer to the web where the pipeline lets them, through the agent’s proxy', async () => {
    const proxyCredentials = { username: 'agent', password: 'password-of-the-proxy' };
    const guarded = await startAzure({ proxyCredentials });
    guarded.chartRepository(host, []);
    const pipeline = await startPipelineOn(guarded, guarded.registry('contoso.azurecr.io'), {
      job: {
        proxy: { url: guarded.proxyUrl, ...proxyCredentials },
        caFile: guarded.caFile,
        environment: { HTTPS_PROXY: '', HTTP_PROXY: '', NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' },
      },
    });
    const files = {
      'app/Chart.yaml': chartYaml('app'),
      'app/values.yaml': 'a: text\n',
      'app/values.schema.json': schema,
    };
    writeFiles(pipeline.job.folders.sources, files);

    const step = await saveApp(pipeline, { allowSchemaReferences: 'true' });

    await pipeline.close();
    await guarded.close();
    // The host has no such file, which helm is the one to tell.
    assert.match(refusalOf(step), /^helm lint found .*x\.json.*404/);
    assert.deepEqual(
      guarded.requests
        .filter((request) => request.host === host)
        .map(({ path: file }) => file)
        .slice(0, 1),
      ['/x.json'],
    );
  });
});
