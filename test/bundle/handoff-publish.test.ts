import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry } from '../azure/index.ts';
import { finishedRun } from '../bench/deployment.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const key = 'a-key-that-both-pipelines-have';
const password = 'pa55-Wörd/+=?with odd marks';
const connected = { azureSubscription: 'contoso-azure', registry: loginServer };
const index = 'application/vnd.oci.image.index.v1+json';

describe('HandoffPublish', () => {
  let azure: Azure;
  let registry: EmulatedRegistry;
  let pipeline: Pipeline;
  let chartDigest: string;
  let webDigest: string;
  let workerDigest: string;

  before(async () => {
    azure = await startAzure();
    registry = azure.registry(loginServer);
    chartDigest = await registry.seedChart('helm', {
      name: 'app',
      version: '1.2.3+b.7',
      archive: Buffer.from('chart'),
    });
    webDigest = registry.seedManifest('web', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [] });
    workerDigest = registry.seedManifest('team/worker', 'v7', { schemaVersion: 2, manifests: [] }, index);
  });
  after(() => azure.close());
  beforeEach(async () => {
    const secretVariables = { handoffSealKey: key, dbPassword: password, unused: '' };
    const variables = { 'System.TeamProjectId': azure.job.projectId, 'Build.BuildId': '703' };
    pipeline = await startPipelineOn(azure, registry, {
      helm: null,
      role: 'AcrPull',
      job: { variables, secretVariables },
    });
  });
  afterEach(() => pipeline.close());

  const run = (inputs: Record<string, string> = {}): Promise<StepResult> =>
    pipeline.run('HandoffPublish', {
      name: 'publish',
      inputs: {
        chartDigestRef: `oci://${loginServer}/helm/app@${chartDigest}`,
        chartVersion: '1.2.3+b.7',
        ...inputs,
      },
    });

  function published(step: StepResult, artifact = 'build-artifact'): Record<string, unknown> {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...pipeline.job.secretLeaks(step)], []);
    const [{ name, files } = assert.fail('no artifact'), ...others] = finishedRun(azure, pipeline.job).artifacts;
    assert.deepEqual([name, Object.keys(files), others], [artifact, ['variables.json'], []]);
    return JSON.parse(files['variables.json']?.toString() ?? '') as Record<string, unknown>;
  }

  function refused(step: StepResult, reason: RegExp): void {
    assert.match(refusalOf(step), reason);
    // A secret that the pipeline's author put into a plain input stands in the agent's debug lines, masked.
    const seen = pipeline.job.secretLeaks(step).filter(({ place }) => place === 'log');
    assert.deepEqual(seen, []);
    assert.deepEqual(pipeline.job.record.artifacts, []);
    assert.deepEqual(pipeline.job.record.attachments, []);
  }

  const images = 'web=web:4f6c2a9\n\n  worker = contoso.azurecr.io/team/worker:v7\r\n';

  for (const name of ['constructor', 'prototype', '__proto__']) {
    it(`refuses the variable ${name}, which the other side would not read`, async () => {
      refused(await run({ variables: `${name}=1` }), new RegExp(name));
    });
  }

  it('writes chart, images by digest, free values and the run', async () => {
    const step = await run({
      ...connected,
      appVersion: '4f6c2a9',
      images,
      variables: 'replicas = 2\nselector=app=web,tier=front\nempty=',
    });
    assert.deepEqual(published(step), {
      schemaVersion: 1,
      chartVersion: '1.2.3+b.7',
      imgVersion: '4f6c2a9',
      chart: {
        name: 'app',
        version: '1.2.3+b.7',
        appVersion: '4f6c2a9',
        reference: 'oci://contoso.azurecr.io/helm/app:1.2.3_b.7',
        digest: chartDigest,
      },
      images: [
        { name: 'web', repository: 'contoso.azurecr.io/web', tag: '4f6c2a9', digest: webDigest },
        { name: 'worker', repository: 'contoso.azurecr.io/team/worker', tag: 'v7', digest: workerDigest },
      ],
      variables: { replicas: '2', selector: 'app=web,tier=front', empty: '' },
      run: {
        organization: 'https://dev.azure.com/contoso/',
        projectId: azure.job.projectId,
        pipelineId: 12,
        pipelineName: 'orders-ci',
        runId: 703,
        runNumber: '20260105.1',
        branch: 'refs/heads/main',
        commit: '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2',
        attempt: 1,
      },
    });
  });

  it('needs no registry without images, and seals what it writes', async () => {
    const step = await run({ imgVersion: 'latest', sealKey: '$(handoffSealKey)' });
    const { imgVersion, seal } = published(step);
    assert.equal(imgVersion, 'latest');
    assert.match(JSON.stringify(seal), /^\{"algorithm":"HMAC-SHA256","value":"[0-9a-f]{64}"\}$/);
    const asked = azure.requests.filter(({ host }) => host === loginServer).length;
    await run();
    assert.equal(azure.requests.filter(({ host }) => host === loginServer).length, asked);
  });

  it('leaves the file where later steps find it, under another artifact name too', async () => {
    const step = await run({ artifactName: 'qa handoff' });
    published(step, 'qa handoff');
    const path = step.outputs['handoffPath'] ?? '';
    const shown = await pipeline.job.runScript({ script: 'cat "$(publish.handoffPath)"' });
    assert.match(shown.rawOutput, /"chartVersion": "1\.2\.3\+b\.7"/);
    assert.ok(path.startsWith(pipeline.job.folders.staging));
  });

  it('follows no link to write it', async function () {
    // Windows lets only some users make links.
    if (process.platform === 'win32') this.skip();
    const { staging, sources } = pipeline.job.folders;
    const other = join(sources, 'other.json');
    writeFileSync(other, 'kept');
    mkdirSync(join(staging, 'linked'), { recursive: true });
    symlinkSync(other, join(staging, 'linked', 'variables.json'));
    published(await run({ artifactName: 'linked' }), 'linked');
    assert.equal(readFileSync(other, 'utf8'), 'kept');
    symlinkSync(tmpdir(), join(staging, 'away'));
    const step = await run({ artifactName: 'away' });
    assert.match(refusalOf(step), /away leads out of the folders of this job, to .*, by a link/);
  });

  it('shows what it wrote in the run summary, where no text is taken for Markdown', async () => {
    const variables = 'note=_a_@team__b__:+1:';
    published(await run({ ...connected, images, variables }));
    const [page = '', ...others] = pipeline.job.record.summaries;
    assert.deepEqual(others, []);
    assert.ok(page.includes(webDigest.replace(':', '\\:')), page);
    assert.ok(page.includes(String.raw`| Variable note | \_a\_\@team\_\_b\_\_\:\+1\: |`), page);
    assert.ok(
      page.split('\n').every((line) => line === '' || line.split(/(?<!\\)\|/).length === 5),
      page,
    );
  });

  describe('refuses', () => {
    it('a secret variable of the job, whole, inside a value, or in another form', async () => {
      const bytes = Buffer.from(password);
      const forms = [
        password,
        bytes.toString('base64'),
        encodeURIComponent(password),
        `Server=db;Password=${password};`,
      ];
      for (const form of forms) {
        refused(await run({ variables: `replicas=2\ndb=${form}` }), /variable db holds the secret variable dbPassword/);
        await pipeline.close();
        const secretVariables = { handoffSealKey: key, dbPassword: password };
        pipeline = await startPipelineOn(azure, registry, { helm: null, job: { secretVariables } });
      }
    });

    it('the token of the job', async () =>
      refused(
        await run({ variables: `token=${azure.job.accessToken}` }),
        /variable token holds (the secret variable System\.AccessToken|AccessToken)/,
      ));

    it('a secret in the place of a version', async () =>
      refused(await run({ imgVersion: '$(handoffSealKey)' }), /imgVersion holds the secret variable handoffSealKey/));

    it('a secret in the name of the artifact, which the page of the run shows', async () =>
      refused(
        await run({ artifactName: 'app-$(handoffSealKey)' }),
        /artifact name holds the secret variable handoffSealKey/,
      ));

    it('the name of an artifact that a script would act on', async () =>
      refused(await run({ artifactName: "app's `id`" }), /path for output handoffPath, .*has the character "'"/));

    it('its own seal key, even one that is no secret variable', async () => {
      const sealKey = 'a-key-that-is-written-out';
      refused(await run({ sealKey, variables: `key=${sealKey}` }), /variable key holds input sealKey/);
    });

    it('images without a registry connection', async () =>
      refused(await run({ images: 'web=web:4f6c2a9' }), /digests of the images are in contoso\.azurecr\.io: give/));

    it('to sign in to a registry that the reference alone names', async () => {
      const line = /reference \(chartDigestRef\) does not decide .* the line 'registry: contoso\.azurecr\.io'/;
      refused(await run({ azureSubscription: 'contoso-azure' }), line);
    });

    it('to sign in to another registry than the one named, for the sake of a reference', async () => {
      const asked = azure.requests.length;
      const step = await run({ ...connected, chartDigestRef: `oci://fabrikam.azurecr.io/helm/app@${chartDigest}` });
      refused(
        step,
        /^Input chartDigestRef names the registry fabrikam\.azurecr\.io, input registry contoso\.azurecr\.io/,
      );
      assert.equal(azure.requests.length, asked);
    });

    for (const [text, reason] of [
      ['web:4f6c2a9', /Line 1 of input images is not of the form name=value/],
      ['web=web', /give repository:tag/],
      ['web=web:4f6c2a9@sha256:0', /give repository:tag/],
      ['web=other.azurecr.io/web:1', /registry "other\.azurecr\.io", the chart in contoso\.azurecr\.io/],
      ['web=web:1\nWEB=web:2', /images, "web" and "WEB" differ by case only/],
      ['web=web:$(tag)', /Input images is 'web=web:\$\(tag\)', where \$\(tag\) was not replaced/],
      ['web=web:1\njob=$(image)', /Input images holds \$\(image\), where \$\(image\) was not replaced/],
      ['web=web:gone', /contoso\.azurecr\.io\/web:gone, does not exist/],
      ['we b=web:4f6c2a9', /images\.0\.name has a form/],
    ] as const) {
      it(`the images ${JSON.stringify(text)}`, async () => refused(await run({ ...connected, images: text }), reason));
    }

    for (const [text, reason] of [
      ['PATH=/evil', /variable "PATH" is refused/],
      ['Build.Reason=x', /"Build\.Reason" is refused/],
      ['a-b=x', /name "a-b" is not allowed/],
      ['a=1\na=2', /variables, "a" is there twice/],
      ['note=two words', /The variable note has the character space at place 4, .* in base64, or as a file/],
      ["note=it's", /The variable note has the character "'" at place 3/],
      ['note=`id`', /"`" at place 1/],
      ['note=1$id', /"\$" at place 2/],
      ['note=1$(id)', /where \$\(id\) was not replaced/],
      ['flag=--force', /The variable flag begins with "-"/],
      ['secret-without-name', /Line 1 of input variables is not of the form/],
    ] as const) {
      it(`the variables ${JSON.stringify(text)}`, async () => refused(await run({ variables: text }), reason));
    }

    it('an app version that a script would run', async () =>
      refused(await run({ appVersion: '1.0;id' }), /The appVersion has the character ";" at place 4, which a script/));

    it('several charts', async () =>
      refused(await run({ chartVersion: '1.0.0,2.0.0' }), /^Input chartVersion is "1\.0\.0,2\.0\.0", a list of 2 as/));

    it('a reference without digest', async () =>
      refused(await run({ chartDigestRef: 'oci://contoso.azurecr.io/helm/app:1.2.3' }), /which has no digest/));

    it('a version whose tag points to another chart', async () => {
      const other = await registry.seedChart('helm', { name: 'app', version: '2.0.0', archive: Buffer.from('other') });
      assert.notEqual(other, chartDigest);
      const reason = /chart app is sha256:.* points to sha256:.*: give chartDigestRef and chartVersion of the same/;
      refused(await run({ ...connected, chartVersion: '2.0.0' }), reason);
    });

    it('a seal key that is short', async () =>
      refused(await run({ sealKey: 'short' }), /sealKey has 5 characters; use at least 16/));

    it('a seal key from a variable that does not exist', async () =>
      refused(
        await run({ sealKey: '$(handoffSealkey2)' }),
        /sealKey is '\$\(handoffSealkey2\)', which was not replaced/,
      ));

    it('an artifact name that Azure DevOps does not take', async () =>
      refused(await run({ artifactName: 'a/b' }), /artifactName is "a\/b"/));
  });
});
