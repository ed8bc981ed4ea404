import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { checked, ImportBench, seal, withKey } from '../bench/import-bench.ts';
import { messageOf } from '../bench/pipeline.ts';

const outputsOf = ({ chartDigest, imageDigest }: ImportBench): Record<string, string> => ({
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

describe('HandoffImport', () => {
  let bench: ImportBench;
  before(async () => (bench = await ImportBench.start()));
  after(() => bench.close());
  beforeEach(() => bench.reset());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(step.outputs, outputsOf(bench));
    assert.deepEqual([...step.violations, ...bench.pipeline.job.secretLeaks(step)], []);
  }

  describe('sets every value of a sound file', () => {
    it('that was downloaded', async () => sound(await bench.given(bench.sample())));

    it('that is sealed and whose tags are where they were', async () =>
      sound(await bench.given(seal(bench.sample()), { ...checked, ...withKey })));

    for (const kind of ['Container', 'PipelineArtifact'] as const) {
      it(`that is fetched from a ${kind}, by alias and by run id`, async () => {
        const files = {
          'variables.json': Buffer.from(JSON.stringify(bench.sample())),
          'other.bin': Buffer.alloc(9000),
        };
        bench.ci.artifacts.push({ name: 'build-artifact', kind, files });
        sound(await bench.run());
        sound(await bench.run({ runId: '703' }));
        const tokens = bench.azure.requests.filter(
          ({ host, headers }) => host.includes('.blob.') && headers['authorization'],
        );
        assert.deepEqual(tokens, [], 'the token of the job goes to Azure DevOps alone');
      });
    }

    it('although the download breaks off twice', async () => {
      const files = { 'variables.json': Buffer.from(JSON.stringify(bench.sample())) };
      bench.ci.artifacts.push({ name: 'build-artifact', kind: 'PipelineArtifact', files });
      const fault = bench.azure.fault({ kind: 'truncate', times: 2, match: ({ host }) => host.startsWith('vsblob') });
      sound(await bench.run());
      assert.equal(fault.hits, 2);
    });

    it('of a branch that a pattern allows', async () => {
      bench.ci.branch = 'refs/heads/release/1.2';
      sound(await bench.given(bench.sample(), { allowedBranches: 'main\nrelease/*' }));
    });
  });

  describe('keeps odd values as they are', () => {
    const odd: Record<string, string> = {
      lines: 'first\nsecond\r\nthird\rfourth',
      command: '##vso[task.setvariable variable=PATH]/evil',
      commandInLine: 'text\n##vso[task.complete result=Failed]done',
      macro: '$(handoffSealKey) $(Build.BuildId)',
      commands: '$(touch handoff-was-here) `id` "; exit 1 #',
      astral: '𝒽𝑒𝓁𝓂 ⎈ 🚢 ‮reversed',
      escapes: '%0D%0A %AZP25 %5D %3B ]; %25',
      quotes: `'"\\`,
    };

    it('and carries none of them out', async () => {
      const step = await bench.given(bench.changed(({ variables }) => Object.assign(variables, odd)));
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      for (const [name, value] of Object.entries(odd)) assert.equal(step.outputs[`var_${name}`], value, name);
      assert.deepEqual(step.violations, []);
      assert.deepEqual(
        step.commands.filter(({ properties }) => properties['variable']?.toLowerCase() === 'path'),
        [],
      );
      assert.equal(bench.pipeline.job.variables.get('handoff.var_macro'), odd['macro']);
    });

    it('in a later step too, which gets them by its environment', async () => {
      await bench.given(bench.changed(({ variables }) => Object.assign(variables, odd)));
      const step = await bench.pipeline.job.runScript({
        condition: 'always()',
        env: { COMMANDS: '$(handoff.var_commands)' },
        script:
          'printf "%s" "$COMMANDS" | base64 | tr -d "\\n"; echo; printf "%s" "$HANDOFF_VAR_ASTRAL" | base64 | tr -d "\\n"',
      });
      const texts = step.rawOutput
        .trim()
        .split('\n')
        .map((line) => Buffer.from(line, 'base64').toString());
      assert.deepEqual(texts, [odd['commands'], odd['astral']]);
    });
  });

  describe('explains Azure DevOps', () => {
    it('that answers with a sign-in page', async () => {
      const fault = bench.azure.fault({ kind: 'html', times: Infinity, match: ({ host }) => host === 'dev.azure.com' });
      const step = await bench.run();
      fault.lift();
      bench.refused(step, /Azure DevOps did not show run 703/);
    });

    it('that is broken for a moment', async () => {
      const fault = bench.azure.fault({ kind: '503', times: 2, match: ({ host }) => host === 'dev.azure.com' });
      const step = await bench.given(bench.sample());
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(fault.hits, 2);
    });
  });

  describe('takes the file of two fields', () => {
    const old = { chartVersion: '0.1.0', imgVersion: '4f6c2a9' };

    it('with a warning', async () => {
      const step = await bench.given(old);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(step.outputs, old);
      assert.match(messageOf(step), /has only the fields chartVersion and imgVersion/);
    });

    it('but not when strict, with a key or with a registry', async () => {
      bench.refused(await bench.given(old, { strict: 'true' }), /strict is set/);
      bench.refused(await bench.given(old, withKey), /it has no seal/);
      bench.refused(await bench.given(old, checked), /it has no digest/);
    });

    it('but not with more or other fields', async () => {
      bench.refused(await bench.given({ ...old, more: 'x' }), /has no schemaVersion/);
      bench.refused(await bench.given({ chartVersion: 1, imgVersion: '2' }), /has no schemaVersion/);
    });

    it('but not of a failed run', async () => {
      bench.ci.result = 'failed';
      bench.refused(await bench.given(old), /failed: only a run/);
    });
  });
});
