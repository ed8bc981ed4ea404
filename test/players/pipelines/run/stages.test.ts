import assert from 'node:assert/strict';
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
});
