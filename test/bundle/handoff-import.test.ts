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
  filesPath: '',
});

const published = (content: unknown): ImportBench['ci']['artifacts'][number] => ({
  name: 'build-artifact',
  kind: 'PipelineArtifact',
  files: { 'variables.json': Buffer.from(JSON.stringify(content)) },
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

  it('names the pipeline that a run must be of, and warns where nothing does', async () => {
    bench.ci.artifacts.push(published(bench.sample()));
    const checkedRun = await bench.run({ runId: '703', pipelineId: '12' });
    sound(checkedRun);
    assert.deepEqual(checkedRun.issues, []);
    const anyRun = await bench.run({ runId: '703' });
    sound(anyRun);
    assert.match(messageOf(anyRun), /runId takes a run of any pipeline of this project: give input pipelineId/);
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

  /** Runs the step on a file that the run published and nothing downloaded. */
  function fetched(content: unknown, inputs: Record<string, string> = {}): Promise<StepResult> {
    bench.ci.artifacts.splice(0, Infinity, published(content));
    return bench.run(inputs);
  }

  describe('takes the file of two fields', () => {
    const old = { chartVersion: '0.1.0', imgVersion: '4f6c2a9' };

    it('with a warning', async () => {
      const step = await fetched(old);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(step.outputs, old);
      assert.match(messageOf(step), /has only the fields chartVersion and imgVersion/);
    });

    it('from the run itself, whatever lies in the folder of the download', async () => {
      bench.refused(await bench.given(old), /artifact 'build-artifact' of run 703 .*\(HTTP 404\)/);
      bench.ci.artifacts.push(published(old));
      const step = await bench.given({ ...old, chartVersion: '9.9.9' });
      assert.deepEqual(step.outputs, old);
      bench.ci.artifacts.splice(0, Infinity, published(bench.sample()));
      sound(await bench.given(old));
    });

    it('but not when strict, with a key or with a registry', async () => {
      bench.refused(await fetched(old, { strict: 'true' }), /strict is set/);
      bench.refused(await fetched(old, withKey), /it has no seal/);
      bench.refused(await fetched(old, checked), /it has no digest/);
    });

    it('but not with more or other fields', async () => {
      bench.refused(await bench.given({ ...old, more: 'x' }), /has no schemaVersion/);
      bench.refused(await fetched({ chartVersion: 1, imgVersion: '2' }), /has no schemaVersion/);
    });

    for (const evil of [
      '$(id)',
      '`id`',
      '1"; id; "',
      "'|id|'",
      '%COMSPEC%',
      '##vso[task.debug]',
      '1 --x',
      '-x',
      '1,--x',
      '1,a=b',
    ]) {
      it(`but leaves out what a script would run: ${evil}`, async () => {
        const step = await fetched({ chartVersion: evil, imgVersion: '4f6c2a9' });
        assert.equal(step.result, 'Succeeded', step.log.join('\n'));
        assert.deepEqual(step.outputs, { chartVersion: '', imgVersion: '4f6c2a9' });
        assert.match(
          messageOf(step),
          /Output chartVersion stays empty: its value ".*" (has the character|has a part|begins with)/,
        );
        assert.deepEqual(step.violations, []);
      });
    }

    it('but not of a failed run', async () => {
      bench.ci.result = 'failed';
      bench.refused(await fetched(old), /failed: only a run/);
    });
  });
});
