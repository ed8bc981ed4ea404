import assert from 'node:assert/strict';
import { printing, workbench } from './workbench.ts';

describe('a step that reports', () => {
  const bench = workbench();

  it('shows issues and hides other commands', async () => {
    const job = await bench.job();
    const script = printing(
      'plain',
      '##vso[task.logissue type=warning]careful',
      '##vso[task.issue type=error;source=TaskInternal]broken%0Atwice',
      '##vso[task.debug]not shown',
      '##vso[task.setprogress value=50]half',
    );
    const step = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual(step.log.slice(-4), ['plain', '##[warning]careful', '##[error]broken', 'twice']);
    assert.deepEqual(step.issues, [
      { type: 'warning', message: 'careful' },
      { type: 'error', message: 'broken\ntwice' },
    ]);
    assert.deepEqual([step.result, step.violations], ['Succeeded', []]);
    assert.deepEqual(
      step.commands.map(({ event }) => event),
      ['logissue', 'issue', 'debug', 'setprogress'],
    );
  });

  it('shows debug lines when the pipeline asks for them', async () => {
    const job = await bench.job({ variables: { 'System.Debug': 'true' } });
    const step = await job.runScript({
      script: "echo '##vso[task.debug]seen'; echo '##vso[task.setprogress value=1]'",
    });
    assert.deepEqual(step.log, ['##[debug]seen', '##[debug]Processed: ##vso[task.setprogress value=1]']);
  });

  it('starts its log with what the task is', async () => {
    const job = await bench.job();
    const { log } = await job.runTask({ task: await bench.task('') });
    assert.deepEqual(log.slice(1, 4), ['Task         : Sample task', 'Description  : ', 'Version      : 1.2.3']);
  });

  it('hides what it declares as secret from then on', async () => {
    const job = await bench.job();
    const script = printing('##vso[task.setsecret]tok/en', 'got tok/en and tok%2Fen');
    const { log } = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual(log.slice(-1), ['got *** and ***']);
  });

  it('is read on stderr too', async () => {
    const job = await bench.job();
    const script = 'console.error("##vso[task.setvariable variable=a]from stderr"); console.error("plain");';
    const step = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual([step.result, job.variables.get('a'), step.log.at(-1)], ['Succeeded', 'from stderr', 'plain']);
  });
});
