import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepContext } from '../../agent/step-context.ts';
import { workbench } from './workbench.ts';

const cancelTimes = { output: 60 };
const waits = 'echo ready; sleep 600 & wait';

function unreadable(): never {
  throw new Error("Unrecognized value: 'wanted'");
}

/** A script that fails until it was started as often. */
function succeedsAt(start: number): string {
  return `echo x >> starts; echo "start $(wc -l < starts)"; test "$(wc -l < starts)" -ge ${start}`;
}

describe('the condition of a step', () => {
  const bench = workbench();

  it('may be worked out by the pipeline, at the time of the step', async () => {
    const job = await bench.job();
    const condition = (): boolean => job.variables.get('wanted') === 'yes';
    const before = await job.runScript({ script: 'true', condition });
    await job.runScript({ script: 'echo "##vso[task.setvariable variable=wanted]yes"' });
    const after = await job.runScript({ script: 'true', condition });
    assert.deepEqual([before.result, after.result], ['Skipped', 'Succeeded']);
  });

  it('fails the step when it cannot be worked out', async () => {
    const job = await bench.job();
    const condition = unreadable;
    const { result, issues } = await job.runScript({ script: 'echo never', condition, continueOnError: true });
    assert.deepEqual([result, job.status], ['Failed', 'Failed']);
    assert.deepEqual(issues, [{ type: 'error', message: "Unrecognized value: 'wanted'" }]);
  });
});

describe('a step that may fail', () => {
  const bench = workbench();

  it('succeeds with issues, and the job goes on', async () => {
    const job = await bench.job();
    const step = await job.runScript({ script: 'exit 1', continueOnError: true });
    const next = await job.runScript({ script: 'true' });
    assert.deepEqual(
      [step.result, step.exitCode, next.result, job.status],
      ['SucceededWithIssues', 1, 'Succeeded', 'SucceededWithIssues'],
    );
  });
});

describe('the time limit of a step', () => {
  const bench = workbench();

  it('ends the step, which has failed', async () => {
    const job = await bench.job({ cancelTimes });
    const step = await job.runScript({ script: waits, timeout: 1 });
    const next = await job.runScript({ script: 'true' });
    assert.deepEqual([step.result, next.result, job.status], ['Failed', 'Skipped', 'Failed']);
    assert.deepEqual(step.issues, [{ type: 'error', message: 'The task has timed out.' }]);
  });

  it('makes no failure of one that may fail', async () => {
    const job = await bench.job({ cancelTimes });
    const { result } = await job.runScript({ script: waits, timeout: 1, continueOnError: true });
    assert.equal(result, 'SucceededWithIssues');
  });

  it('may be longer than any timer', async () => {
    const job = await bench.job();
    assert.equal((await job.runScript({ script: 'true', timeout: 1e12 })).result, 'Succeeded');
  });
});

describe('the retries of a step', () => {
  const bench = workbench();
  it('begin it again until it succeeds, after pauses that grow', async () => {
    const asked: number[] = [];
    const job = await bench.job({ retryWait: (retry) => asked.push(retry) });
    const { result, log } = await job.runScript({ script: succeedsAt(3), retries: 5 });
    assert.deepEqual([result, asked, job.status], ['Succeeded', [1, 2], 'Succeeded']);
    assert.deepEqual(
      log.filter((line) => line.startsWith('start')),
      ['start 1', 'start 2', 'start 3'],
    );
    const [warning] = log.filter((line) => line.startsWith('##[warning]'));
    assert.match(warning ?? '', /task failure, will retry \(attempt #: 1 out of 5\) after 1 ms$/);
  });

  it('are used up', async () => {
    const job = await bench.job({ retryWait: () => 0 });
    const { result, log } = await job.runScript({ script: succeedsAt(4), retries: 2 });
    assert.deepEqual([result, log.filter((line) => line.startsWith('start')).length], ['Failed', 3]);
  });

  it('are ten at most', async () => {
    const job = await bench.job({ retryWait: () => 0 });
    const { result, log } = await job.runScript({ script: succeedsAt(99), retries: 50 });
    assert.deepEqual([result, log.filter((line) => line.startsWith('start')).length], ['Failed', 11]);
  });

  it('end when the job is cancelled while it waits', async () => {
    const job = await bench.job({ retryWait: () => 600_000 });
    const cancel = new AbortController();
    const onLog = (line: string): void => {
      if (line.includes('will retry')) setImmediate(() => cancel.abort());
    };
    const { result } = await job.runScript({ script: 'exit 1', retries: 1, cancelJob: cancel.signal, onLog });
    assert.deepEqual([result, job.status], ['Canceled', 'Canceled']);
  });

  it('take as many seconds as the square of their number', async () => {
    const job = await bench.job();
    const cancel = new AbortController();
    const onLog = (line: string): void => {
      if (line.includes('will retry')) setImmediate(() => cancel.abort());
    };
    const { log } = await job.runScript({ script: 'exit 1', retries: 1, cancelJob: cancel.signal, onLog });
    assert.ok(
      log.some((line) => line.endsWith('(attempt #: 1 out of 1) after 1000 ms')),
      log.join('\n'),
    );
  });
});

describe('a job that is cancelled', () => {
  const bench = workbench();

  it('cancels the step that runs, and skips the next', async () => {
    const job = await bench.job({ cancelTimes });
    const cancel = new AbortController();
    const cancelJob = cancel.signal;
    const onLine = (): void => cancel.abort();
    const step = await job.runScript({ script: waits, cancelJob, onLine });
    const next = await job.runScript({ script: 'true', cancelJob });
    assert.deepEqual([step.result, next.result, job.status], ['Canceled', 'Skipped', 'Canceled']);
    assert.deepEqual(
      step.issues.map(({ message }) => message),
      ['The Operation will be canceled. The next steps may not contain expected logs.', 'The operation was canceled.'],
    );
  });

  it('lets a step go on whose condition still holds', async () => {
    const job = await bench.job();
    const cancel = new AbortController();
    const cancelJob = cancel.signal;
    const onLine = (): void => cancel.abort();
    const script = 'echo ready; until test -e go; do sleep 0.05; done; echo done';
    const running = job.runScript({ script, cancelJob, onLine, condition: 'always()' });
    cancelJob.addEventListener('abort', () => writeFileSync(path.join(job.folders.sources, 'go'), ''));
    const { result, log } = await running;
    assert.deepEqual([result, log, job.status], ['Succeeded', ['ready', 'done'], 'Canceled']);
  });

  it('still runs always() afterwards, which sees how the job stands', async () => {
    const job = await bench.job();
    const { log } = await job.runScript({
      script: 'echo "$AGENT_JOBSTATUS"',
      condition: 'always()',
      cancelJob: AbortSignal.abort(),
    });
    assert.deepEqual(log, ['Canceled']);
  });
});

describe('a cancelled job that takes too long', () => {
  const bench = workbench();

  it('is killed: neither its step nor its post-job steps go on', async () => {
    const job = await bench.job();
    const kill = new AbortController();
    const [cancelJob, killJob] = [AbortSignal.abort(), kill.signal];
    await job.runTask({ task: await bench.task({ script: '', post: 'say("never");' }) });
    const onLine = (): void => kill.abort();
    const step = await job.runScript({ script: waits, cancelJob, killJob, onLine, condition: 'always()' });
    const next = await job.runScript({ script: 'true', condition: 'always()' });
    const { result, postJobSteps } = await job.finish();
    assert.deepEqual([step.result, step.exitCode, next.result], ['Canceled', 137, 'Skipped']);
    assert.deepEqual([result, postJobSteps.map((post) => post.result)], ['Canceled', ['Skipped']]);
    assert.equal(step.leftProcesses, false);
  });
});

function writeAndSet({ transcript, job: { variables } }: StepContext): Promise<void> {
  transcript.output('done');
  variables.set('tag', 'v1');
  return Promise.resolve();
}

function waitForCancel(_step: StepContext, cancel: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => cancel.addEventListener('abort', () => reject(new Error('never said'))));
}

describe('a step whose work the agent does itself', () => {
  const bench = workbench();

  it('writes its log and sets variables', async () => {
    const job = await bench.job();
    const { name, result, log, exitCode } = await job.runAction({ name: 'checkout', act: writeAndSet });
    assert.deepEqual([name, result, log, exitCode], ['checkout', 'Succeeded', ['done'], undefined]);
    assert.equal(job.variables.get('tag'), 'v1');
  });

  it('fails by what it throws, and may begin again', async () => {
    const job = await bench.job({ retryWait: () => 0 });
    let starts = 0;
    const act = (): Promise<void> => Promise.reject(new Error(`start ${(starts += 1)}`));
    const { result, issues } = await job.runAction({ name: 'download', act, retries: 1 });
    assert.deepEqual([result, issues.at(-1)?.message], ['Failed', 'start 2']);
  });

  it('is told when its time is up', async () => {
    const job = await bench.job();
    const { result, issues } = await job.runAction({ name: 'download', act: waitForCancel, timeout: 1 });
    assert.deepEqual([result, issues], ['Failed', [{ type: 'error', message: 'The task has timed out.' }]]);
  });
});

describe('a post-job step', () => {
  const bench = workbench();

  it('ends when the job is killed, and is the last', async () => {
    const job = await bench.job();
    const kill = new AbortController();
    const onLog = (line: string): void => {
      if (line === 'hangs') kill.abort();
    };
    await job.runTask({ task: await bench.task({ script: '', post: 'say("never");' }) });
    const post = 'setTimeout(() => undefined, 600000); say("hangs");';
    await job.runTask({ task: await bench.task({ script: '', post }), onLog });
    const { postJobSteps } = await job.finish({ killJob: kill.signal });
    assert.deepEqual(
      postJobSteps.map(({ result, log }) => [result, log.at(-2)]),
      [
        ['Canceled', 'hangs'],
        ['Skipped', undefined],
      ],
    );
  });
});

describe('a step whose process cannot be started', () => {
  const bench = workbench();

  it('fails', async () => {
    const job = await bench.job({ environment: { PATH: '/nowhere' } });
    const { result, issues } = await job.runScript({ script: 'true' });
    assert.deepEqual([result, issues[0]?.message], ['Failed', 'spawn bash ENOENT']);
  });

  it('fails in a folder that is not there', async () => {
    const job = await bench.job();
    const { result, issues } = await job.runScript({ script: 'true', workingDirectory: 'none' });
    const message = `Not found workingDirectory: ${path.join(job.folders.sources, 'none')}`;
    assert.deepEqual([result, issues[0]?.message], ['Failed', message]);
  });
});
