import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { download } from '../bench/deployment.ts';
import { checked, ImportBench, seal, withKey } from '../bench/import-bench.ts';

describe('HandoffImport refuses', () => {
  let bench: ImportBench;
  before(async () => (bench = await ImportBench.start()));
  after(() => bench.close());
  beforeEach(() => bench.reset());

  it('an edited file, by its seal', async () => {
    const edited = { ...seal(bench.sample()), variables: { replicas: '99' } };
    bench.refused(await bench.given(edited, withKey), /seal of variables\.json does not fit/);
  });

  it('a file without seal whose key did not reach the job, once a seal is required', async () => {
    const required = { requireSeal: 'true', strict: 'true' };
    const empty = /requireSeal is true, but input sealKey is empty: the secret variable has no value/;
    for (const sealKey of ['', '$(emptyKey)', ' ']) {
      bench.refused(await bench.given(bench.sample(), { ...required, sealKey }), empty);
      bench.refused(await bench.given(seal(bench.sample()), { ...required, sealKey }), empty);
    }
    bench.refused(await bench.given(bench.sample(), { ...required, ...withKey }), /has no seal/);
    const passed = await bench.given(seal(bench.sample()), { ...required, ...withKey });
    assert.equal(passed.result, 'Succeeded', passed.log.join('\n'));
  });

  it('a key that is no key, because a variable is unknown or an expression stands where none is evaluated', async () => {
    bench.refused(
      await bench.given(seal(bench.sample()), { sealKey: '$(otherKey)' }),
      /sealKey is '\$\(otherKey\)', which was not replaced/,
    );
    for (const sealKey of ['$[ variables.handoffSealKey ]', '$[variables.handoffSealKey]']) {
      bench.refused(await bench.given(seal(bench.sample()), { sealKey }), /is the expression .* not evaluated/);
    }
  });

  it('a sealed file without a key, when strict', async () =>
    bench.refused(
      await bench.given(seal(bench.sample()), { strict: 'true' }),
      /is sealed, but input sealKey is empty/,
    ));

  it('a file that is a link, or lies behind one', async function () {
    if (process.platform === 'win32') this.skip();
    const content = JSON.stringify(bench.sample());
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'other-job-'));
    writeFileSync(path.join(elsewhere, 'variables.json'), content);
    try {
      download(bench.pipeline.job, 'build-artifact', {});
      const folder = path.join(bench.pipeline.job.variables.get('Pipeline.Workspace') ?? '', 'ci', 'build-artifact');
      symlinkSync(path.join(elsewhere, 'variables.json'), path.join(folder, 'variables.json'));
      bench.refused(await bench.run(), /variables\.json is a link/);
      rmSync(folder, { recursive: true });
      symlinkSync(elsewhere, folder);
      bench.refused(await bench.run(), /lies outside of the folders of this job/);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
      download(bench.pipeline.job, 'build-artifact', undefined);
    }
  });

  it('a file without seal, once a key is given', async () =>
    bench.refused(await bench.given(bench.sample(), withKey), /has no seal, but a sealKey is given/));

  it('a file sealed with another key', async () =>
    bench.refused(
      await bench.given(seal(bench.sample()), { sealKey: 'another-key-of-16-letters' }),
      /does not fit its content/,
    ));

  it('a half-edited file, even without seal', async () => {
    const reason = /chartVersion is "1\.2\.4", chart\.version "1\.2\.3"/;
    bench.refused(await bench.given({ ...bench.sample(), chartVersion: '1.2.4' }), reason);
    const moved = bench.changed(({ chart }) => (chart.reference = 'oci://contoso.azurecr.io/helm/other:1.2.3'));
    bench.refused(await bench.given(moved), /is not chart app in version 1\.2\.3/);
  });

  it('a moved tag of the chart', async () => {
    const handoff = bench.sample();
    await bench.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: Buffer.from('evil') });
    bench.refused(await bench.given(handoff, checked), /chart app is sha256:.*points to sha256:.*: the tag was moved/);
  });

  it('a moved tag of an image', async () => {
    const handoff = bench.sample();
    bench.registry.seedManifest('web', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [{ evil: true }] });
    bench.refused(await bench.given(handoff, checked), /image web is sha256:.*the tag was moved/);
  });

  it('a tag that is gone', async () => {
    const handoff = bench.changed(({ images }) => images.forEach((image) => (image.tag = 'gone')));
    bench.refused(await bench.given(handoff, checked), /image web, contoso\.azurecr\.io\/web:gone, does not exist/);
  });

  it('a chart in another registry, which it does not even ask', async () => {
    const handoff = bench.changed(({ chart }) => (chart.reference = 'oci://evil.azurecr.io/helm/app:1.2.3'));
    bench.refused(
      await bench.given(handoff, checked),
      /registry evil\.azurecr\.io, but the step is connected to contoso/,
    );
    assert.ok(!bench.azure.requests.some(({ host }) => host === 'evil.azurecr.io'));
  });

  it('a missing digest', async () => {
    bench.refused(await bench.given(bench.changed(({ chart }) => (chart.digest = undefined))), /chart lacks 'digest'/);
  });

  it('the file of another run', async () => {
    const swapped = bench.changed((handoff) => (handoff.run = { ...handoff.run, runId: 702 }));
    bench.refused(await bench.given(seal(swapped), withKey), /written for run 702, but comes from run 703/);
  });

  it('the file of another project, pipeline, branch or commit', async () => {
    const other = {
      projectId: '0d5e2f7a-6b1c-4e8d-8f3a-91c2b4d6e802',
      pipelineId: 13,
      branch: 'refs/heads/x',
      commit: 'abc',
    };
    for (const [name, value] of Object.entries(other)) {
      const swapped = bench.changed((handoff) => (handoff.run = { ...handoff.run, [name]: value }));
      bench.refused(await bench.given(swapped), new RegExp(`written for ${name.replace('Id', '')} .*but comes from`));
    }
  });

  it('a run of a branch that is not allowed', async () => {
    bench.ci.branch = 'refs/heads/feature';
    bench.refused(
      await bench.given(bench.sample()),
      /branch "refs\/heads\/feature"; input allowedBranches has refs\/heads\/main/,
    );
  });

  it('a run that failed, was canceled, succeeded partially or still runs', async () => {
    const handoff = bench.sample();
    for (const result of ['failed', 'canceled', 'partiallySucceeded'] as const) {
      bench.ci.result = result;
      bench.refused(
        await bench.given(handoff),
        /CI run 20260105\.1 \(703\) (failed|was canceled|succeeded only partially)/,
      );
    }
    bench.ci.status = 'inProgress';
    bench.refused(await bench.given(handoff), /still runs/);
  });

  it('a missing artifact', async () =>
    bench.refused(await bench.run(), /artifact 'build-artifact' of run 703 .*\(HTTP 404\)/));

  it('a missing file, downloaded or fetched', async () => {
    download(bench.pipeline.job, 'build-artifact', { 'other.json': '{}' });
    bench.refused(await bench.run(), /downloaded artifact has no file .*variables\.json/);
    download(bench.pipeline.job, 'build-artifact', undefined);
    bench.ci.artifacts.push({ name: 'build-artifact', kind: 'Container', files: { 'other.json': Buffer.from('{}') } });
    bench.refused(await bench.run(), /artifact 'build-artifact' has no variables\.json/);
  });

  it('a run of another pipeline than the one that is named', async () => {
    bench.refused(
      await bench.given(bench.sample(), { runId: '703', pipelineId: '13' }),
      /Run 703 is one of pipeline 12, but input pipelineId is 13/,
    );
    bench.refused(await bench.given(bench.sample(), { pipelineId: '13' }), /Run 703 is one of pipeline 12/);
    bench.refused(
      await bench.run({ runId: '703', pipelineId: 'orders' }),
      /pipelineId is 'orders'; it should be a whole/,
    );
  });

  it("a run's number in the place of its id", async () =>
    bench.refused(
      await bench.run({ runId: '20260105.1', pipelineId: '12' }),
      /^Input runId is '20260105\.1', which is no id of a run; .* behind buildId= in its address \(Build\.BuildId\), such/,
    ));

  it('a missing run', async () => bench.refused(await bench.run({ runId: '999' }), /show run 999 .*\(HTTP 404\)/));

  it('an unknown alias, and a run besides an alias', async () => {
    bench.refused(await bench.run({ pipeline: 'other' }), /no pipeline resource 'other' in this run \(it has ci\)/);
    bench.refused(await bench.run({ pipeline: '../ci' }), /no alias of a pipeline resource/);
    bench.refused(await bench.run({ pipeline: 'ci', runId: '703' }), /only one of the inputs pipeline .* and runId/);
  });

  it('another schema version', async () => {
    bench.refused(
      await bench.given({ ...bench.sample(), schemaVersion: 2 }),
      /schemaVersion 2; this task reads version 1/,
    );
    bench.refused(await bench.given({ ...bench.sample(), schemaVersion: '1' }), /schemaVersion/);
  });

  it('a member that the schema does not know', async () =>
    bench.refused(await bench.given({ ...bench.sample(), more: 1 }), /does not fit its schema.*: more is not known/));

  it('2 MB, downloaded or fetched', async () => {
    const large = Buffer.from(JSON.stringify({ ...bench.sample(), padding: 'x'.repeat(2_000_000) }));
    bench.refused(await bench.given(large), /has more than the 262144 bytes that are read of such a file/);
    download(bench.pipeline.job, 'build-artifact', undefined);
    bench.ci.artifacts.push({ name: 'build-artifact', kind: 'Container', files: { 'variables.json': large } });
    bench.refused(await bench.run(), /variables\.json in the artifact 'build-artifact' has 20\d{5} bytes/);
  });

  it('deep nesting', async () =>
    bench.refused(
      await bench.given(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      /is nested deeper than 8 levels/,
    ));

  it('a key that is there twice', async () => {
    const text = JSON.stringify(bench.sample()).replace('"chartVersion"', '"chartVersion":"9.9.9","chartVersion"');
    bench.refused(await bench.given(text), /has the key 'chartVersion' twice/);
  });

  it('__proto__ and its kind', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const text = JSON.stringify(bench.sample()).replace('{', `{"${name}":{"polluted":true},`);
      bench.refused(await bench.given(text), new RegExp(`has the key '${name}'`));
    }
  });

  it('what is no JSON, no UTF-8, or no object', async () => {
    bench.refused(await bench.given('{"chartVersion": 1.2.3}'), /not valid JSON.*line 1, column/);
    bench.refused(await bench.given(''), /not valid JSON/);
    bench.refused(await bench.given(Buffer.from(JSON.stringify(bench.sample()), 'utf16le')), /not (valid JSON|UTF-8)/);
    bench.refused(await bench.given('[]'), /no JSON object/);
  });

  it('variables that change how the agent or a program works', async () => {
    const names = ['PATH', 'Path', 'agent.proxyurl', 'SYSTEM_ACCESSTOKEN', 'build.sourceBranch', 'NODE_OPTIONS'];
    for (const name of [...names, 'LD_PRELOAD', 'GIT_SSH_COMMAND', 'https_proxy', 'JAVA_TOOL_OPTIONS', 'DOTNET_ROOT']) {
      bench.refused(
        await bench.given(bench.changed(({ variables }) => (variables[name] = 'x'))),
        /is refused: a name like this/,
      );
    }
  });

  it('variables that are no text, have odd names or differ by case only', async () => {
    bench.refused(
      await bench.given(bench.changed(({ variables }) => (variables['a'] = 1))),
      /variables\.a is of type number instead of string/,
    );
    bench.refused(
      await bench.given(bench.changed(({ variables }) => (variables['a b;'] = 'x'))),
      /name "a b;" is not allowed/,
    );
    bench.refused(
      await bench.given(bench.changed(({ variables }) => (variables['Replicas'] = 'x'))),
      /differ by case only/,
    );
    bench.refused(
      await bench.given(bench.changed(({ variables }) => (variables['nul'] = 'a\0b'))),
      /The variable nul has the character U\+0000 at place 2/,
    );
  });

  for (const value of [
    '$(id)',
    '`id`',
    "'; id",
    'a\nid',
    '%PATH%',
    '--post-renderer=./x',
    'a b',
    '##vso[task.debug]',
  ]) {
    it(`a value that a script would run: ${JSON.stringify(value)}`, async () => {
      const variable = bench.changed(({ variables }) => (variables['note'] = value));
      bench.refused(await bench.given(variable), /The variable note (has the character|begins with) .*base64/);
      const version = bench.changed(({ chart }) => (chart.appVersion = value));
      bench.refused(await bench.given(seal(version), withKey), /The appVersion (has the character|begins with)/);
    });
  }

  it('an artifact name that leads elsewhere', async () =>
    bench.refused(await bench.run({ artifactName: '../s' }), /artifactName is "\.\.\/s"/));

  it('a zip that is damaged', async () => {
    bench.ci.artifacts.push({ name: 'build-artifact', kind: 'Container', files: {}, zip: Buffer.from('PK no zip') });
    bench.refused(await bench.run(), /came as a damaged zip/);
  });
});
