import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PipelineError } from '../../../agent/index.ts';
import { pagesOf, type RunEvent } from '../../../agent/pipelines/run/index.ts';
import { jobOf, linesOf, play, queuedByHand } from './playing.ts';
import { ScriptSteps } from './script-steps.ts';
import { SmallService } from './small-service.ts';

describe('the record of a run', () => {
  it('has results, issues, outputs, tags and pages of its steps', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'pages-'));
    try {
      await writeFile(path.join(folder, 'page.md'), '# Deployed');
      const text = `
steps:
- checkout: none
- bash: |
    echo "##vso[task.uploadsummary]${folder}/page.md"
    echo "##vso[task.uploadfile]${folder}/page.md"
    echo "##vso[build.addbuildtag]ready"
    echo "##vso[task.logissue type=warning]nearly full"
    echo "##vso[task.setvariable variable=tag;isOutput=true]v1"
  name: all
  displayName: Deploy $(Build.SourceBranchName) of $(nobody)
- bash: exit 2
`;
      const record = await play(text);
      const [part] = jobOf(record, 'Job').parts;
      assert.deepEqual(
        pagesOf(record).map(({ step, content }) => `${step}: ${content.toString()}`),
        ['all: # Deployed'],
      );
      assert.deepEqual([record.tags, record.result, record.pipeline], [['ready'], 'Failed', 'orders-cd']);
      const steps = part?.steps.slice(1).map(({ name, displayName, result }) => [name, displayName, result]);
      assert.deepEqual(steps, [
        ['all', 'Deploy main of $(nobody)', 'Succeeded'],
        ['Bash2', 'Bash', 'Failed'],
      ]);
      assert.deepEqual(part?.steps[1]?.issues, [{ type: 'warning', message: 'nearly full' }]);
      assert.deepEqual(part?.steps[1]?.outputs, { tag: 'v1' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has steps that are switched off as skipped, and those that may fail as such', async () => {
    const text = `
steps:
- checkout: none
- bash: exit 1
  enabled: false
- bash: exit 1
  continueOnError: true
- bash: exit 0
`;
    const record = await play(text);
    const results = jobOf(record, 'Job').parts.flatMap(({ steps }) => steps.slice(1).map(({ result }) => result));
    assert.deepEqual(results, ['Skipped', 'SucceededWithIssues', 'Succeeded']);
    assert.equal(record.result, 'SucceededWithIssues');
  });

  it('counts the repositories that a job checks out, for the steps that do it', async () => {
    const counts: number[] = [];
    class Counting extends ScriptSteps {
      override run(...[job, step, context]: Parameters<ScriptSteps['run']>): ReturnType<ScriptSteps['run']> {
        counts.push(context.checkouts);
        return super.run(job, step, context);
      }
    }
    await play('steps:\n- bash: exit 0\n', { steps: new Counting() });
    await play('steps:\n- checkout: none\n', { steps: new Counting() });
    await play('steps:\n- checkout: self\n- checkout: git://delivery/charts\n', { steps: new Counting() });
    assert.deepEqual(counts, [1, 1, 0, 2, 2]);
  });

  it('has the number that a step gives the run, which later jobs see', async () => {
    const text = `
jobs:
- job: one
  steps: [{checkout: none}, {bash: 'echo "##vso[build.updatebuildnumber]1.2.3"'}]
- job: two
  dependsOn: one
  steps: [{checkout: none}, {bash: echo $(Build.BuildNumber)}]
`;
    const record = await play(text);
    assert.deepEqual([record.run.number, linesOf(jobOf(record, 'two'))], ['1.2.3', ['1.2.3']]);
  });

  it('is told by events as it comes about', async () => {
    const events: RunEvent[] = [];
    const listener = (event: RunEvent): void => void events.push(event);
    await play('steps:\n- checkout: none\n- bash: echo one\n  displayName: Say\n', { listener });
    const told = events.map((event) => {
      if (event.kind === 'line') return `${event.kind} ${event.step}: ${event.text}`;
      if (event.kind === 'step started') return `${event.kind} ${event.step}`;
      return event.kind;
    });
    assert.deepEqual(told.slice(0, 3), ['run started', 'stage started', 'job started']);
    assert.deepEqual(told.slice(told.indexOf('step started Say')), [
      'step started Say',
      'line Say: one',
      'step ended',
      'job ended',
      'stage ended',
      'run ended',
    ]);
  });

  it('has a step that the server refuses as the failure of its job, whose other jobs go on', async () => {
    class Refusing extends ScriptSteps {
      override run(...[job, step, context]: Parameters<ScriptSteps['run']>): ReturnType<ScriptSteps['run']> {
        if (step.displayName !== 'Refused') return super.run(job, step, context);
        throw new PipelineError('There is no service connection contoso-azure.');
      }
    }
    const text = `
jobs:
- job: one
  steps: [{checkout: none}, {bash: exit 0, displayName: Refused}, {bash: echo never}]
- job: two
  steps: [{checkout: none}, {bash: echo two}]
`;
    const record = await play(text, { steps: new Refusing() });
    const { result, message } = jobOf(record, 'one');
    assert.deepEqual([result, message], ['Failed', 'There is no service connection contoso-azure.']);
    assert.deepEqual([linesOf(jobOf(record, 'one')), linesOf(jobOf(record, 'two'))], [[], ['two']]);
  });

  it('is closed as failed when the runner itself breaks', async () => {
    class Breaking extends ScriptSteps {
      override run(): never {
        throw new TypeError('a defect');
      }
    }
    const service = new SmallService();
    await assert.rejects(play('steps:\n- bash: exit 0\n', { steps: new Breaking(), service }), { message: 'a defect' });
    assert.deepEqual([service.queued, service.completed], [[queuedByHand], ['Failed']]);
  });
});
