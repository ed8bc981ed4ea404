import assert from 'node:assert/strict';
import { PipelineSteps, TaskCatalogue } from '../../../agent/steps/index.ts';
import { readTaskDefinition } from '../../../agent/task-definition.ts';
import { printing, workbench } from '../../agent/workbench.ts';
import { jobOf, play } from './playing.ts';

const bench = workbench();

describe('post-job steps in a run', () => {
  for (const [what, script, result] of [
    ['of a job that failed', 'exit 1', 'Failed'],
    ['of a job that is cancelled', 'echo ready; exec tail -f /dev/null', 'Canceled'],
  ] as const) {
    it(`${what} run, and stand behind its other steps`, async () => {
      const task = await bench.task({ script: printing('signed in'), post: printing('signed out') });
      const tasks = [{ folder: task, definition: await readTaskDefinition(task) }];
      const catalogue = new TaskCatalogue(tasks, { publisher: 'contoso', id: 'sample' });
      const cancelling = new AbortController();
      const record = await play(
        `steps:\n- checkout: none\n- task: SampleTask@1\n- bash: ${script}\n- bash: echo never\n`,
        {
          steps: new PipelineSteps(catalogue),
          cancel: cancelling.signal,
          listener: (event) => {
            if (event.kind === 'line' && event.text === 'ready') cancelling.abort();
          },
        },
      );
      const [part] = jobOf(record, 'Job').parts;
      assert.equal(part?.result, result);
      const steps = part?.steps.map((step) => [step.displayName, step.result, step.log.at(-1)]);
      assert.deepEqual(steps?.at(-1), ['Post-job: SampleTask', 'Succeeded', 'signed out']);
      assert.deepEqual(steps?.at(-2)?.slice(0, 2), ['Bash', 'Skipped']);
    });
  }
});
