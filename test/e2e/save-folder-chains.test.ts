import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure } from '../azure/index.ts';
import { entriesOf } from '../bench/archive-entries.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, type FileContent, writeFiles } from '../bench/write-files.ts';

const on = (name: string, repository: string, more = ''): string =>
  `dependencies:\n- {name: ${name}, version: 1.x, repository: "${repository}"${more}}\n`;
const partOf = { 'app/charts/part/Chart.yaml': chartYaml('part'), 'app/charts/part/values.yaml': 'a: 1\n' };

describe('HelmChartSave: charts in folders', () => {
  let azure: Azure;
  const pipelines: Pipeline[] = [];

  before(async () => {
    azure = await startAzure();
    const registry = azure.registry(loginServer);
    for (const helm of ['helm-3.17', 'helm-4.1', 'helm-4.2'] as const)
      pipelines.push(await startPipelineOn(azure, registry, { helm }));
  });
  after(async () => {
    for (const pipeline of pipelines) await pipeline.close();
    await azure.close();
  });

  let count = 0;
  /** A folder in the sources of every helm; gives its name. */
  function sources(files: Record<string, FileContent>): string {
    count += 1;
    for (const { job } of pipelines) writeFiles(path.join(job.folders.sources, `case-${count}`), files);
    return `case-${count}`;
  }
  async function save(chartPath: string, inputs = {}): Promise<StepResult[]> {
    const steps: StepResult[] = [];
    for (const pipeline of pipelines)
      steps.push(await pipeline.run('HelmChartSave', { inputs: { chartPath, ...inputs }, condition: 'always()' }));
    return steps;
  }
  /** The files of the archive, which all helms agree on. */
  async function saved(chartPath: string, inputs = {}): Promise<{ names: string[]; digest: string }> {
    const steps = await save(chartPath, inputs);
    for (const step of steps) assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const [digest = '', ...others] = new Set(steps.map(({ outputs }) => outputs['archiveDigest']));
    assert.deepEqual(others, [], 'the archives differ');
    return { names: [...(await entriesOf(steps[0]?.outputs['chartPath'] ?? '')).keys()].sort(), digest };
  }

  for (const address of ['file://charts/part', 'file://./charts/part', 'file://part']) {
    for (const buildDependencies of ['auto', 'always']) {
      it(`in charts/ are packed once: ${address} with ${buildDependencies}`, async () => {
        const place = sources({ 'app/Chart.yaml': chartYaml('app', '1.0.0', on('part', address)), ...partOf });

        const { names } = await saved(`${place}/app`, { buildDependencies });

        assert.deepEqual(
          names.filter((name) => name.startsWith('app/charts')),
          Object.keys(partOf),
        );
      });
    }
  }

  it('in charts/ stand beside others that helm has to pack', async () => {
    const both = `${on('part', 'file://part')}- {name: near, version: 1.x, repository: "file://../near"}\n`;
    const files = { ...partOf, 'near/Chart.yaml': chartYaml('near') };
    const place = sources({ 'app/Chart.yaml': chartYaml('app', '1.0.0', both), ...files });

    const { names } = await saved(`${place}/app`);

    assert.ok(names.includes('app/charts/near/Chart.yaml'));
    assert.deepEqual(
      names.filter((name) => name.startsWith('app/charts/part')),
      Object.keys(partOf),
    );
  });

  const chain = {
    'app/Chart.yaml': chartYaml('app', '1.0.0', on('mid', 'file://../mid')),
    'mid/Chart.yaml': chartYaml('mid', '1.0.0', on('leaf', 'file://../leaf')),
    'leaf/Chart.yaml': chartYaml('leaf'),
    'leaf/files/a.txt': 'a',
    'leaf/.helmignore': 'local/\n',
    'leaf/local/passwd': { link: '/etc/passwd' },
  };

  it('bring their own, however long the chain, and the same after one of them was saved', async () => {
    const first = await saved(`${sources(chain)}/app`);
    assert.ok(first.names.includes('app/charts/mid/charts/leaf/files/a.txt'));
    assert.ok(!first.names.some((name) => name.includes('passwd')));

    const place = sources(chain);
    const mid = await saved(`${place}/mid`);
    assert.ok(mid.names.includes('mid/charts/leaf/files/a.txt'));
    assert.equal((await saved(`${place}/app`)).digest, first.digest);
    assert.equal((await saved(`${place}/app`)).digest, first.digest);
  });

  it('bring their own also where the chart has them in charts/, or names them by their whole path', async () => {
    const inner = sources({
      'app/Chart.yaml': chartYaml('app', '1.0.0', on('part', 'file://charts/part')),
      'app/charts/part/Chart.yaml': chartYaml('part', '1.0.0', on('leaf', 'file://../../../leaf')),
      'leaf/Chart.yaml': chartYaml('leaf'),
    });
    const { names } = await saved(`${inner}/app`);
    assert.ok(names.includes('app/charts/part/charts/leaf/Chart.yaml'), names.join());

    const place = sources(chain);
    for (const { job } of pipelines) {
      const whole = `file://${path.join(job.folders.sources, place, 'mid')}`;
      writeFiles(path.join(job.folders.sources, place, 'app'), {
        'Chart.yaml': chartYaml('app', '1.0.0', on('mid', whole)),
      });
    }
    for (const step of await save(`${place}/app`)) {
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      const entries = await entriesOf(step.outputs['chartPath'] ?? '');
      assert.ok(entries.has('app/charts/mid/charts/leaf/files/a.txt'));
    }
  });

  it('cannot depend on each other', async () => {
    const place = sources({ ...chain, 'leaf/Chart.yaml': chartYaml('leaf', '1.0.0', on('mid', 'file://../mid')) });

    for (const step of await save(`${place}/app`)) {
      assert.match(refusalOf(step), /in a circle, .*: case-\d+\/mid -> case-\d+\/leaf -> case-\d+\/mid\.$/);
    }
  });

  it('of one name in two versions are refused in the words of Chart.yaml', async () => {
    const two =
      'dependencies:\n' +
      '- {name: red, version: 1.x, repository: "file://../one", alias: first}\n' +
      '- {name: red, version: 2.x, repository: "file://../two", alias: second}\n';
    const place = sources({
      'app/Chart.yaml': chartYaml('app', '1.0.0', two),
      'one/Chart.yaml': chartYaml('red', '1.1.0'),
      'two/Chart.yaml': chartYaml('red', '2.2.0'),
    });

    for (const step of await save(`${place}/app`)) {
      assert.match(
        refusalOf(step),
        /^case-\d+\/app\/Chart\.yaml has the dependency red in two versions, 1\.1\.0 and 2\.2\.0 \(1\.x as first, 2\.x as second\): helm packages both as the folder charts\/red, whatever their aliases, so one would overwrite the other\. Give both the same version/,
      );
    }
  });

  it('that do not fit are refused with the place in the sources', async () => {
    const place = sources({
      'app/Chart.yaml': chartYaml('app', '1.0.0', on('mid', 'file://../nowhere')),
    });

    for (const [index, step] of (await save(`${place}/app`)).entries()) {
      const folder = pipelines[index]?.job.folders.sources ?? '';
      assert.ok(refusalOf(step).includes(`which is no folder (${folder}/${place}/nowhere)`), refusalOf(step));
    }
  });
});
