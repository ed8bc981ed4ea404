import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry, type PlayedRun } from '../azure/index.ts';
import { download, sampleHandoff, startDeployment, type SampleHandoff } from '../bench/deployment.ts';
import { loginServer, messageOf, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

const key = 'a-key-that-both-pipelines-have';
const checked = { azureSubscription: 'contoso-azure', registry: loginServer };

/** Keys sorted, no white space: enough of RFC 8785 for the sample. */
function seal(handoff: SampleHandoff): SampleHandoff {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, member]) => [name, sorted(member)]),
    );
  };
  const { seal: _seal, ...content } = handoff;
  const value = createHmac('sha256', key)
    .update(JSON.stringify(sorted(content)))
    .digest('hex');
  return { ...handoff, seal: { algorithm: 'HMAC-SHA256', value } };
}

describe('HandoffImport', () => {
  let azure: Azure;
  let registry: EmulatedRegistry;
  let ci: PlayedRun;
  let pipeline: Pipeline;
  let chartDigest: string;
  let imageDigest: string;

  before(async () => {
    azure = await startAzure();
    registry = azure.registry(loginServer);
    ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
    azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 702 });
    pipeline = await startDeployment(azure, registry, ci, { job: { secretVariables: { handoffSealKey: key } } });
  });
  after(async () => {
    await pipeline.close();
    await azure.close();
  });
  beforeEach(async () => {
    chartDigest = await registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: Buffer.from('chart') });
    imageDigest = registry.seedManifest('web', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [] });
    Object.assign(ci, { branch: 'refs/heads/main', status: 'completed', result: 'succeeded' });
    ci.artifacts.length = 0;
    download(pipeline.job, 'build-artifact', undefined);
  });

  const sample = (): SampleHandoff => sampleHandoff(ci, chartDigest, imageDigest);

  const run = (inputs: Record<string, string> = {}): Promise<StepResult> =>
    pipeline.run('HandoffImport', { name: 'handoff', inputs, condition: 'always()' });

  /** Runs the step on a file that was downloaded before. */
  function given(content: unknown, inputs: Record<string, string> = {}): Promise<StepResult> {
    const text = Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content);
    download(pipeline.job, 'build-artifact', { 'variables.json': text });
    return run(inputs);
  }

  function refused(step: StepResult, reason: RegExp): void {
    assert.match(refusalOf(step), reason);
    assert.deepEqual(pipeline.job.secretLeaks(step), []);
  }

  /** With one member of the sample changed. */
  function changed(change: (handoff: SampleHandoff) => void): SampleHandoff {
    const handoff = structuredClone(sample());
    change(handoff);
    return handoff;
  }

  describe('sets every value of a sound file', () => {
    const outputs = (): Record<string, string> => ({
      chartName: 'app',
      chartVersion: '1.2.3',
      chartRef: 'oci://contoso.azurecr.io/helm/app:1.2.3',
      chartDigest,
      chartDigestRef: `oci://contoso.azurecr.io/helm/app@${chartDigest}`,
      appVersion: '4f6c2a9',
      imgVersion: '4f6c2a9',
      image_web_repository: 'contoso.azurecr.io/web',
      image_web_tag: '4f6c2a9',
      image_web_digest: imageDigest,
      image_web_digestRef: `contoso.azurecr.io/web@${imageDigest}`,
      var_replicas: '2',
    });

    function sound(step: StepResult): void {
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(step.outputs, outputs());
      assert.deepEqual([...step.violations, ...pipeline.job.secretLeaks(step)], []);
    }

    it('that was downloaded', async () => sound(await given(sample())));

    it('that is sealed and whose tags are where they were', async () =>
      sound(await given(seal(sample()), { ...checked, sealKey: '$(handoffSealKey)' })));

    for (const kind of ['Container', 'PipelineArtifact'] as const) {
      it(`that is fetched from a ${kind}, by alias and by run id`, async () => {
        const files = { 'variables.json': Buffer.from(JSON.stringify(sample())), 'other.bin': Buffer.alloc(9000) };
        ci.artifacts.push({ name: 'build-artifact', kind, files });
        sound(await run());
        sound(await run({ runId: '703' }));
        const tokens = azure.requests.filter(
          ({ host, headers }) => host.includes('.blob.') && headers['authorization'],
        );
        assert.deepEqual(tokens, [], 'the token of the job goes to Azure DevOps alone');
      });
    }

    it('although the download breaks off twice', async () => {
      const files = { 'variables.json': Buffer.from(JSON.stringify(sample())) };
      ci.artifacts.push({ name: 'build-artifact', kind: 'PipelineArtifact', files });
      const fault = azure.fault({ kind: 'truncate', times: 2, match: ({ host }) => host.startsWith('vsblob') });
      sound(await run());
      assert.equal(fault.hits, 2);
    });

    it('of a branch that a pattern allows', async () => {
      ci.branch = 'refs/heads/release/1.2';
      sound(await given(sample(), { allowedBranches: 'main\nrelease/*' }));
    });
  });

  describe('keeps odd values as they are', () => {
    const odd: Record<string, string> = {
      lines: 'first\nsecond\r\nthird\rfourth',
      command: '##vso[task.setvariable variable=PATH]/evil',
      commandInLine: 'text\n##vso[task.complete result=Failed]done',
      macro: '$(handoffSealKey) $(Build.BuildId)',
      commands: '$(touch /tmp/handoff-was-here) `id` "; exit 1 #',
      astral: '𝒽𝑒𝓁𝓂 ⎈ 🚢 ‮reversed',
      escapes: '%0D%0A %AZP25 %5D %3B ]; %25',
      quotes: `'"\\`,
    };

    it('and carries none of them out', async () => {
      const step = await given(changed(({ variables }) => Object.assign(variables, odd)));
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      for (const [name, value] of Object.entries(odd)) assert.equal(step.outputs[`var_${name}`], value, name);
      assert.deepEqual(step.violations, []);
      assert.deepEqual(
        step.commands.filter(({ properties }) => properties['variable']?.toLowerCase() === 'path'),
        [],
      );
      assert.equal(pipeline.job.variables.get('handoff.var_macro'), odd['macro']);
    });

    it('in a later step too, which gets them by its environment', async () => {
      await given(changed(({ variables }) => Object.assign(variables, odd)));
      const step = await pipeline.job.runScript({
        condition: 'always()',
        env: { COMMANDS: '$(handoff.var_commands)' },
        script: 'printf "%s" "$COMMANDS" | base64 --wrap=0; echo; printf "%s" "$HANDOFF_VAR_ASTRAL" | base64 --wrap=0',
      });
      const texts = step.rawOutput
        .trim()
        .split('\n')
        .map((line) => Buffer.from(line, 'base64').toString());
      assert.deepEqual(texts, [odd['commands'], odd['astral']]);
    });
  });

  describe('refuses', () => {
    it('an edited file, by its seal', async () => {
      const edited = { ...seal(sample()), variables: { replicas: '99' } };
      refused(await given(edited, { sealKey: '$(handoffSealKey)' }), /seal of variables\.json does not fit/);
    });

    it('a file without seal, once a key is given', async () =>
      refused(await given(sample(), { sealKey: '$(handoffSealKey)' }), /has no seal, but a sealKey is given/));

    it('a file sealed with another key', async () =>
      refused(await given(seal(sample()), { sealKey: 'another-key-of-16-letters' }), /does not fit its content/));

    it('a half-edited file, even without seal', async () => {
      const reason = /chartVersion is "1\.2\.4", chart\.version "1\.2\.3"/;
      refused(await given({ ...sample(), chartVersion: '1.2.4' }), reason);
      const moved = changed(({ chart }) => (chart.reference = 'oci://contoso.azurecr.io/helm/other:1.2.3'));
      refused(await given(moved), /is not chart app in version 1\.2\.3/);
    });

    it('a moved tag of the chart', async () => {
      const handoff = sample();
      await registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: Buffer.from('evil') });
      refused(await given(handoff, checked), /chart app was sha256:.*points to sha256:.* now: the tag was moved/);
    });

    it('a moved tag of an image', async () => {
      const handoff = sample();
      registry.seedManifest('web', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [{ evil: true }] });
      refused(await given(handoff, checked), /image web was sha256:.*the tag was moved/);
    });

    it('a tag that is gone', async () => {
      const handoff = changed(({ images }) => (images[0] = { ...sample().images[0]!, tag: 'gone' }));
      refused(await given(handoff, checked), /image web, contoso\.azurecr\.io\/web:gone, does not exist/);
    });

    it('a chart in another registry, which it does not even ask', async () => {
      const handoff = changed(({ chart }) => (chart.reference = 'oci://evil.azurecr.io/helm/app:1.2.3'));
      refused(await given(handoff, checked), /registry evil\.azurecr\.io, but the step is connected to contoso/);
      assert.ok(!azure.requests.some(({ host }) => host === 'evil.azurecr.io'));
    });

    it('a missing digest', async () => {
      refused(await given(changed(({ chart }) => (chart.digest = undefined))), /chart lacks 'digest'/);
    });

    it('the file of another run', async () => {
      const swapped = changed((handoff) => (handoff.run = { ...handoff.run, runId: 702 }));
      refused(
        await given(seal(swapped), { sealKey: '$(handoffSealKey)' }),
        /written for run 702, but comes from run 703/,
      );
    });

    it('the file of another project, pipeline, branch or commit', async () => {
      const other = {
        projectId: '0d5e2f7a-6b1c-4e8d-8f3a-91c2b4d6e802',
        pipelineId: 13,
        branch: 'refs/heads/x',
        commit: 'abc',
      };
      for (const [name, value] of Object.entries(other)) {
        const swapped = changed((handoff) => (handoff.run = { ...handoff.run, [name]: value }));
        refused(await given(swapped), new RegExp(`written for ${name.replace('Id', '')} .*but comes from`));
      }
    });

    it('a run of a branch that is not allowed', async () => {
      ci.branch = 'refs/heads/feature';
      refused(await given(sample()), /branch "refs\/heads\/feature"; input allowedBranches has refs\/heads\/main/);
    });

    it('a run that failed, was canceled, succeeded partially or still runs', async () => {
      const handoff = sample();
      for (const result of ['failed', 'canceled', 'partiallySucceeded'] as const) {
        ci.result = result;
        refused(await given(handoff), /CI run 20260105\.1 \(703\) (failed|was canceled|succeeded only partially)/);
      }
      ci.status = 'inProgress';
      refused(await given(handoff), /still runs/);
    });

    it('a missing artifact', async () => refused(await run(), /artifact 'build-artifact' of run 703 .*\(HTTP 404\)/));

    it('a missing file, downloaded or fetched', async () => {
      download(pipeline.job, 'build-artifact', { 'other.json': '{}' });
      refused(await run(), /downloaded artifact has no file .*variables\.json/);
      download(pipeline.job, 'build-artifact', undefined);
      ci.artifacts.push({ name: 'build-artifact', kind: 'Container', files: { 'other.json': Buffer.from('{}') } });
      refused(await run(), /artifact 'build-artifact' has no variables\.json/);
    });

    it('a missing run', async () => refused(await run({ runId: '999' }), /show run 999 .*\(HTTP 404\)/));

    it('an unknown alias, and a run besides an alias', async () => {
      refused(await run({ pipeline: 'other' }), /no pipeline resource 'other' in this run \(it has ci\)/);
      refused(await run({ pipeline: '../ci' }), /no alias of a pipeline resource/);
      refused(await run({ pipeline: 'ci', runId: '703' }), /only one of the inputs pipeline .* and runId/);
      refused(await run({ runId: '7 03' }), /runId is '7 03'; it should be a whole number/);
    });

    it('another schema version', async () => {
      refused(await given({ ...sample(), schemaVersion: 2 }), /schemaVersion 2; this task reads version 1/);
      refused(await given({ ...sample(), schemaVersion: '1' }), /schemaVersion/);
    });

    it('a member that the schema does not know', async () =>
      refused(await given({ ...sample(), more: 1 }), /does not fit its schema.*: more is not known/));

    it('2 MB, downloaded or fetched', async () => {
      const large = Buffer.from(JSON.stringify({ ...sample(), padding: 'x'.repeat(2_000_000) }));
      refused(await given(large), /has 20\d{5} bytes; a handoff has at most 262144/);
      download(pipeline.job, 'build-artifact', undefined);
      ci.artifacts.push({ name: 'build-artifact', kind: 'Container', files: { 'variables.json': large } });
      refused(await run(), /variables\.json in the artifact 'build-artifact' has 20\d{5} bytes/);
    });

    it('deep nesting', async () =>
      refused(await given(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), /is nested deeper than 8 levels/));

    it('a key that is there twice', async () => {
      const text = JSON.stringify(sample()).replace('"chartVersion"', '"chartVersion":"9.9.9","chartVersion"');
      refused(await given(text), /has the key 'chartVersion' twice/);
    });

    it('__proto__ and its kind', async () => {
      for (const name of ['__proto__', 'constructor', 'prototype']) {
        const text = JSON.stringify(sample()).replace('{', `{"${name}":{"polluted":true},`);
        refused(await given(text), new RegExp(`has the key '${name}'`));
      }
    });

    it('what is no JSON, no UTF-8, or no object', async () => {
      refused(await given('{"chartVersion": 1.2.3}'), /not valid JSON.*line 1, column/);
      refused(await given(''), /not valid JSON/);
      refused(await given(Buffer.from(JSON.stringify(sample()), 'utf16le')), /not (valid JSON|UTF-8)/);
      refused(await given('[]'), /no JSON object/);
    });

    it('variables that change how the agent or a program works', async () => {
      const names = ['PATH', 'Path', 'agent.proxyurl', 'SYSTEM_ACCESSTOKEN', 'build.sourceBranch', 'NODE_OPTIONS'];
      for (const name of [
        ...names,
        'LD_PRELOAD',
        'GIT_SSH_COMMAND',
        'https_proxy',
        'JAVA_TOOL_OPTIONS',
        'DOTNET_ROOT',
      ]) {
        refused(await given(changed(({ variables }) => (variables[name] = 'x'))), /is refused: a name like this/);
      }
    });

    it('variables that are no text, have odd names or differ by case only', async () => {
      refused(
        await given(changed(({ variables }) => (variables['a'] = 1))),
        /variables\.a is of type number instead of string/,
      );
      refused(await given(changed(({ variables }) => (variables['a b;'] = 'x'))), /name "a b;" is not allowed/);
      refused(await given(changed(({ variables }) => (variables['Replicas'] = 'x'))), /differ by case only/);
      refused(
        await given(changed(({ variables }) => (variables['nul'] = 'a\0b'))),
        /variables\.nul has a form that is not allowed/,
      );
    });

    it('an artifact name that leads elsewhere', async () =>
      refused(await run({ artifactName: '../s' }), /artifactName is "\.\.\/s"/));

    it('a zip that is damaged', async () => {
      ci.artifacts.push({ name: 'build-artifact', kind: 'Container', files: {}, zip: Buffer.from('PK no zip') });
      refused(await run(), /came as a damaged zip/);
    });
  });

  describe('explains Azure DevOps', () => {
    it('that answers with a sign-in page', async () => {
      const fault = azure.fault({ kind: 'html', times: Infinity, match: ({ host }) => host === 'dev.azure.com' });
      const step = await run();
      fault.lift();
      refused(step, /Azure DevOps did not show run 703/);
    });

    it('that is broken for a moment', async () => {
      const fault = azure.fault({ kind: '503', times: 2, match: ({ host }) => host === 'dev.azure.com' });
      const step = await given(sample());
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(fault.hits, 2);
    });
  });

  describe('takes the file of two fields', () => {
    const old = { chartVersion: '0.1.0', imgVersion: '4f6c2a9' };

    it('with a warning', async () => {
      const step = await given(old);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(step.outputs, old);
      assert.match(messageOf(step), /has only the fields chartVersion and imgVersion/);
    });

    it('but not when strict, with a key or with a registry', async () => {
      refused(await given(old, { strict: 'true' }), /strict is set/);
      refused(await given(old, { sealKey: '$(handoffSealKey)' }), /it has no seal/);
      refused(await given(old, checked), /it has no digest/);
    });

    it('but not with more or other fields', async () => {
      refused(await given({ ...old, more: 'x' }), /has no schemaVersion/);
      refused(await given({ chartVersion: 1, imgVersion: '2' }), /has no schemaVersion/);
    });

    it('but not of a failed run', async () => {
      ci.result = 'failed';
      refused(await given(old), /failed: only a run/);
    });
  });
});
