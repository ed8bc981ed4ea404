import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RunEvent } from '../../../agent/pipelines/run/index.ts';
import { jobOf, linesOf, play, resultsOf, stageOf } from './playing.ts';

/** A stage with one job of one script. */
function stage(name: string, script: string, ...lines: string[]): string {
  return [
    `- stage: ${name}`,
    ...lines.map((line) => `  ${line}`),
    `  jobs:`,
    `  - job: work`,
    `    steps:`,
    `    - checkout: none`,
    `    - bash: ${script}`,
    '',
  ].join('\n');
}

const stages = (...texts: string[]): string => `stages:\n${texts.join('')}`;

describe('stages of a run', () => {
  it('follow one another and stop after a failure', async () => {
    const record = await play(stages(stage('build', 'echo built'), stage('qa', 'exit 3'), stage('production', 'true')));
    assert.deepEqual(resultsOf(record), { build: 'Succeeded', qa: 'Failed', production: 'Skipped' });
    assert.equal(record.result, 'Failed');
    assert.deepEqual(linesOf(jobOf(record, 'work', 'build')), ['built']);
  });

  it('say why they did not run', async () => {
    const record = await play(stages(stage('qa', 'exit 3'), stage('production', 'true')));
    assert.equal(stageOf(record, 'production').message, 'The condition succeeded() is false (qa: Failed).');
  });

  it('run side by side where they depend on nothing', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'side-by-side-'));
    try {
      const meet = (own: string, other: string): string =>
        `'touch ${folder}/${own}; for i in {1..600}; do [ -e ${folder}/${other} ] && exit; sleep 0.1; done; exit 1'`;
      const record = await play(
        stages(stage('one', meet('one', 'two')), stage('two', meet('two', 'one'), 'dependsOn: []')),
      );
      assert.deepEqual(resultsOf(record), { one: 'Succeeded', two: 'Succeeded' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('run after a failure when their condition says so', async () => {
    const record = await play(
      stages(
        stage('qa', 'exit 3'),
        stage('undo', 'true', 'condition: failed()'),
        stage('report', 'true', 'dependsOn: [qa]', 'condition: succeededOrFailed()'),
        stage('production', 'true', 'dependsOn: qa', "condition: eq(dependencies.qa.result, 'Succeeded')"),
      ),
    );
    const expected = { qa: 'Failed', undo: 'Succeeded', report: 'Succeeded', production: 'Skipped' };
    assert.deepEqual(resultsOf(record), expected);
  });

  it('are skipped for a skipped stage far before them, though the one before them ran', async () => {
    const record = await play(
      stages(
        stage('a', 'true', 'condition: false'),
        stage('b', 'true', "condition: in(dependencies.a.result, 'Succeeded', 'Skipped')"),
        stage('c', 'true'),
        stage('d', 'true', 'dependsOn: b', "condition: succeeded('b')"),
      ),
    );
    assert.deepEqual(resultsOf(record), { a: 'Skipped', b: 'Succeeded', c: 'Skipped', d: 'Succeeded' });
    assert.equal(record.result, 'Succeeded');
  });

  it('are abandoned when their condition cannot be worked out, and say what is wrong', async () => {
    const record = await play(stages(stage('qa', 'true', 'condition: suceeded()'), stage('production', 'true')));
    assert.deepEqual(resultsOf(record), { qa: 'Abandoned', production: 'Skipped' });
    assert.equal(record.result, 'Failed');
    assert.match(stageOf(record, 'qa').message ?? '', /^Unrecognized value: 'suceeded'/);
  });

  it('with trigger: manual stay until somebody starts them', async () => {
    const text = stages(stage('qa', 'true'), stage('undo', 'true', 'trigger: manual'), stage('after', 'true'));
    const left = await play(text);
    assert.deepEqual(resultsOf(left), { qa: 'Succeeded', undo: 'NotStarted', after: 'NotStarted' });
    assert.equal(left.result, 'Succeeded');
    const started = await play(text, { startedByHand: ['undo'] });
    assert.deepEqual(resultsOf(started), { qa: 'Succeeded', undo: 'Succeeded', after: 'Succeeded' });
  });
});

const jobs = (first: string): string => `
jobs:
- job: first
  steps:
  - checkout: none
  - bash: ${first}
- job: other
  steps:
  - checkout: none
  - bash: echo other
- job: last
  dependsOn: [first]
  steps:
  - checkout: none
  - bash: echo last
- job: clean
  dependsOn: [FIRST, other]
  condition: always()
  steps:
  - checkout: none
  - bash: echo clean
`;

const results = async (first: string): Promise<Record<string, string>> => {
  const record = await play(jobs(first));
  return Object.fromEntries(stageOf(record, '__default').jobs.map(({ name, result }) => [name, result]));
};

function mayFail(script: string): string {
  return `jobs:\n- job: one\n  continueOnError: true\n  steps:\n  - bash: ${script}\n`;
}

describe('jobs of a stage', () => {
  it('wait for those that they depend on only', async () => {
    const all = { first: 'Succeeded', other: 'Succeeded', last: 'Succeeded', clean: 'Succeeded' };
    assert.deepEqual(await results('true'), all);
    assert.deepEqual(await results('exit 1'), { ...all, first: 'Failed', last: 'Skipped' });
  });

  it('make the stage Skipped when all of them are', async () => {
    const record = await play('jobs:\n- job: one\n  condition: false\n  steps:\n  - bash: exit 1\n');
    assert.deepEqual(resultsOf(record), { __default: 'Skipped' });
  });

  it('may fail with continueOnError', async () => {
    const record = await play(mayFail('exit 1'));
    assert.deepEqual([jobOf(record, 'one').result, record.result], ['SucceededWithIssues', 'SucceededWithIssues']);
    assert.equal((await play(mayFail('exit 0'))).result, 'Succeeded');
  });

  it('end when their time is up, and only the steps that always run go on', async () => {
    const text = `
jobs:
- job: one
  timeoutInMinutes: 0.01
  steps:
  - checkout: none
  - bash: exec tail -f /dev/null
  - bash: echo not this
  - bash: echo but this
    condition: always()
`;
    const record = await play(text);
    const { result, message } = jobOf(record, 'one');
    assert.equal(result, 'Canceled');
    assert.match(message ?? '', /ran longer than the maximum time of 0.01 minutes/);
    assert.deepEqual(linesOf(jobOf(record, 'one')), ['but this']);
  });

  it('may take any time with timeoutInMinutes: 0', async () => {
    const record = await play('jobs:\n- job: one\n  timeoutInMinutes: 0\n  steps:\n  - bash: echo done\n');
    assert.equal(record.result, 'Succeeded');
  });

  it('give their last steps up when the time for those is up, too', async () => {
    const text = `
jobs:
- job: one
  timeoutInMinutes: 0.01
  cancelTimeoutInMinutes: 0.01
  steps:
  - checkout: none
  - bash: exec tail -f /dev/null
  - bash: echo tidying; exec tail -f /dev/null
    condition: always()
`;
    const [part] = jobOf(await play(text), 'one').parts;
    assert.equal(part?.result, 'Canceled');
    // Without a limit the step would never end; where the machine is slow, the time is up before it begins.
    assert.match(part.steps.at(-1)?.result ?? '', /^(?:Canceled|Skipped)$/);
  });

  it('run a written matrix leg by leg', async () => {
    const text = `
jobs:
- job: build
  strategy:
    maxParallel: 1
    matrix:
      linux: {flavour: musl, System.Debug: 'false'}
      other: {flavour: glibc}
  steps:
  - checkout: none
  - bash: echo "$(System.JobName) $(flavour)"
`;
    const events: string[] = [];
    const listener = (event: RunEvent): void => {
      if (event.kind === 'step started' || event.kind === 'step ended') events.push(`${event.part} ${event.kind}`);
    };
    const record = await play(text, { listener });
    assert.deepEqual(linesOf(jobOf(record, 'build')), ['linux musl', 'other glibc']);
    const alone = ['linux', 'linux', 'other', 'other'].flatMap((leg) => [`${leg} step started`, `${leg} step ended`]);
    assert.deepEqual(events, alone);
  });
});
