import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { installFakeHelm } from '../bench/fake-helm.ts';
import { refusalOf } from '../bench/refusal.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { chartYaml, writeFiles } from '../bench/write-files.ts';

const outputs = ['chartName', 'chartVersion', 'appVersion', 'chartPath', 'archiveDigest'];
const evil = '##vso[task.setvariable variable=evil]1';

describe('HelmChartSave: foreign text', () => {
  let pipeline: Pipeline;

  beforeEach(async () => {
    pipeline = await startPipeline();
    pipeline.addChart('hello');
  });
  afterEach(() => pipeline.close());

  const save = (chartPath: string, env: Record<string, string> = {}): Promise<StepResult> =>
    pipeline.run('HelmChartSave', { inputs: { chartPath }, env });

  /** The step did what it always does, and no word of the foreign text was obeyed or left half readable. */
  function assertUnmoved(step: StepResult): void {
    assert.deepEqual(step.violations, []);
    assert.equal(pipeline.job.variables.get('evil'), undefined);
    const set = step.commands
      .filter(({ event }) => event === 'setvariable')
      .map(({ properties }) => properties['variable']);
    assert.deepEqual(new Set(set), new Set(step.result === 'Succeeded' ? outputs : []));
    const events = new Set(step.commands.map(({ area, event }) => `${area}.${event}`));
    for (const event of ['task.debug', 'task.complete', 'task.issue', 'task.setvariable', 'task.settaskvariable']) {
      events.delete(event);
    }
    assert.deepEqual([...events], []);
    assert.equal(step.commands.filter(({ event }) => event === 'complete').length, 1);
  }

  it('in a chart sets nothing', async () => {
    writeFiles(path.join(pipeline.job.folders.sources, 'charts/evil'), {
      'Chart.yaml': chartYaml(
        'evil',
        '1.0.0',
        [
          `description: "${evil}\\r\\n${evil}\\u202e"`,
          `keywords: ["${evil}"]`,
          `annotations: {"${evil}": "${evil}"}`,
          '',
        ].join('\n'),
      ),
      [`files/${evil}`]: 'x',
      'files/link': { link: evil },
      'templates/NOTES.txt': evil,
    });

    const step = await save('charts/evil');

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assertUnmoved(step);
  });

  for (const version of [evil, '1.0$(id)', '1.0 `id`', "1'; id; '", '%PATH%', '--post-renderer=./x', 'two words']) {
    it(`as an app version is refused: ${version}`, async () => {
      const folder = path.join(pipeline.job.folders.sources, 'charts/evil');
      writeFiles(folder, { 'Chart.yaml': chartYaml('evil', '1.0.0', `appVersion: ${JSON.stringify(version)}\n`) });
      const inChart = await save('charts/evil');
      assertUnmoved(inChart);
      assert.match(
        refusalOf(inChart),
        /appVersion in Chart.yaml (has the character|begins with).*give input appVersion/,
      );
    });
  }

  it('as an app version from an input is refused, and one of the input takes the place of the chart', async () => {
    const folder = path.join(pipeline.job.folders.sources, 'charts/evil');
    writeFiles(folder, { 'Chart.yaml': chartYaml('evil', '1.0.0', 'appVersion: "1 (beta)"\n') });
    const run = (appVersion: string): Promise<StepResult> =>
      pipeline.run('HelmChartSave', { inputs: { chartPath: 'charts/evil', appVersion }, condition: 'always()' });
    assert.match(refusalOf(await run('1"2')), /Input appVersion has the character .{3} at place 2/);
    assert.equal((await run('1-beta')).outputs['appVersion'], '1-beta');
  });

  it('in the message of a template that fails sets nothing', async () => {
    writeFiles(path.join(pipeline.job.folders.sources, 'charts/evil'), {
      'Chart.yaml': chartYaml('evil'),
      [`templates/${evil}.yaml`]: `{{ fail "${evil}\\r${evil}\\n##vso[task.complete result=Succeeded]" }}{{ .Values.a.b }}`,
    });

    const step = await save('charts/evil');

    assert.equal(step.result, 'Failed', step.log.join('\n'));
    assertUnmoved(step);
    assert.match(step.issues[0]?.message ?? '', /##_vso\[task\.setvariable variable=evil\]1\.yaml/);
  });

  it('in a Chart.yaml that is refused sets nothing', async () => {
    writeFiles(path.join(pipeline.job.folders.sources, 'charts/evil'), {
      'Chart.yaml': `apiVersion: v2\nname: "a\\r\\n${evil}"\nversion: 1.0.0\n`,
    });

    const step = await save('charts/evil');

    assert.equal(step.result, 'Failed');
    assertUnmoved(step);
  });

  it('that helm prints sets nothing, however it is disguised', async () => {
    const disguises = [
      evil,
      `progress\\r${evil}`,
      `\\u202e${evil}\\u200b`,
      '##v\\u200bso[task.setvariable variable=evil]1',
      '##v\\ufe0fso[task.setvariable variable=evil]1',
      '##\\u00advso[task.setvariable variable=evil]1',
      '##vso\\u2060[task.setvariable variable=evil]1',
      '##VSO[task.setvariable variable=evil]1',
      `a\\u2028${evil}`,
      `\\e[2K${evil}`,
      '##vs\\x00o[task.setvariable variable=evil]1',
    ];
    const prints = disguises.map((text) => `printf '${text}\\n'; printf '${text}\\n' >&2`).join('\n');
    await installFakeHelm(pipeline, `if [ "$1" = lint ]; then\n${prints}\nfi\nreal`);

    const step = await save('charts/hello', { LC_ALL: 'C.UTF-8' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assertUnmoved(step);
    assert.equal(step.rawOutput.match(/##_vso\[task\.setvariable variable=evil\]1/gi)?.length, 2 * disguises.length);
    assert.doesNotMatch(step.rawOutput, /[^\P{C}\n\t]|\p{Default_Ignorable_Code_Point}|\u2028/u);
  });

  it('that helm gives as its version sets nothing', async () => {
    await installFakeHelm(pipeline, `printf '${evil}\\r${evil}'`);

    const step = await save('charts/hello');

    assert.equal(step.result, 'Failed');
    assertUnmoved(step);
  });

  it('without end does not fill the memory, and half of it is not taken for the whole', async () => {
    const flood = "head -c 150000000 /dev/zero | tr '\\0' x";
    await installFakeHelm(pipeline, `if [ "$1" = package ]; then ${flood}; ${flood} >&2; fi\nreal`);

    const step = await save('charts/hello', { NODE_OPTIONS: '--max-old-space-size=48' });

    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', /^helm package printed more than 4194304 bytes and was stopped\.$/);
  });

  it('without end is cut in the message of a failure', async () => {
    const flood = "head -c 3000000 /dev/zero | tr '\\0' x";
    await installFakeHelm(pipeline, `if [ "$1" = package ]; then ${flood} >&2; exit 3; fi\nreal`);

    const step = await save('charts/hello');

    assert.equal(step.result, 'Failed');
    const [error = { message: '' }] = step.issues;
    assert.match(error.message, /^helm package failed with exit code 3: x/);
    assert.ok(error.message.length < 10_000, `${error.message.length} characters`);
  });
});
