import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Job, StepResult } from '../../agent/index.ts';
import { workbench } from './workbench.ts';

const cancelTimes = { interrupt: 60, terminate: 60, output: 60 };
const never = new Promise<never>(() => undefined);
const waits = 'setTimeout(() => say("never"), 60000); say("ready");';

/** Runs a task and presses Cancel as soon as it says that it is ready. @param heard told every line */
async function cancelWhenReady(
  job: Job,
  task: string,
  heard: (line: string) => void = () => undefined,
): Promise<StepResult> {
  const button = new AbortController();
  const onLine = (line: string): void => {
    heard(line);
    if (line === 'ready') button.abort();
  };
  return job.runTask({ task, cancel: button.signal, onLine });
}

/** Something to wait for: a line of a process. */
function aLine(): { said: Promise<unknown>; say: () => void } {
  const line = new AbortController();
  return { said: once(line.signal, 'abort'), say: () => line.abort() };
}

describe('cancelling a step', () => {
  const bench = workbench();

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('interrupts the process, which may clean up', async () => {
    const job = await bench.job({ cancelTimes: { ...cancelTimes, interrupt: never } });
    const script = `process.on("SIGINT", () => { say("cleaned up"); process.exit(0); }); ${waits}`;
    const step = await cancelWhenReady(job, await bench.task(script));
    assert.deepEqual([step.result, step.exitCode], ['Canceled', 0]);
    assert.equal(step.rawOutput, 'ready\ncleaned up\n');
  });

  it('terminates a process that ignores the interrupt', async () => {
    const ignored = aLine();
    const job = await bench.job({ cancelTimes: { ...cancelTimes, interrupt: ignored.said, terminate: never } });
    const script = `process.on("SIGINT", () => say("no")); process.on("SIGTERM", () => process.exit(1)); ${waits}`;
    const step = await cancelWhenReady(job, await bench.task(script), (line) => line === 'no' && ignored.say());
    assert.deepEqual([step.result, step.exitCode, step.rawOutput], ['Canceled', 1, 'ready\nno\n']);
  });

  it('kills a process that ignores both', async () => {
    const ignored = { SIGINT: aLine(), SIGTERM: aLine() };
    const job = await bench.job({
      cancelTimes: { interrupt: ignored.SIGINT.said, terminate: ignored.SIGTERM.said },
    });
    const script = `for (const s of ["SIGINT", "SIGTERM"]) process.on(s, () => say(s)); ${waits}`;
    const step = await cancelWhenReady(job, await bench.task(script), (line) => {
      if (line === 'SIGINT' || line === 'SIGTERM') ignored[line].say();
    });
    assert.deepEqual([step.result, step.exitCode, step.rawOutput], ['Canceled', 137, 'ready\nSIGINT\nSIGTERM\n']);
  });

  it('cancels the job: later steps are skipped, post-job steps and always() run', async () => {
    const job = await bench.job({ cancelTimes });
    const step = await cancelWhenReady(job, await bench.task({ script: waits, post: 'say("post");' }));
    const later = await job.runScript({ script: 'echo never', condition: 'succeededOrFailed()' });
    const always = await job.runScript({ script: 'echo "$AGENT_JOBSTATUS"', condition: 'always()' });
    const { result, postJobSteps } = await job.finish();
    assert.deepEqual(
      [step.result, later.result, always.log, result],
      ['Canceled', 'Skipped', ['Canceled'], 'Canceled'],
    );
    assert.deepEqual(
      postJobSteps.map(({ rawOutput }) => rawOutput),
      ['post\n'],
    );
  });
});

/** A script that starts a process which outlives it. */
function starts(options: string): string {
  return `const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], ${options});
    say("child " + child.pid); child.unref();`;
}

/**
 * A script that ends when the process has: a killed one takes a moment, and stays as a zombie where nobody reaps orphans.
 * @param pid the number, or a command that gives it
 */
function untilEnded(pid: string): string {
  return `pid=${pid}; state() { cut -d ' ' -f 3 "/proc/$pid/stat" 2>/dev/null; }
    while s=$(state); [ -n "$s" ] && [ "$s" != Z ]; do sleep 0.02; done`;
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a process that a step leaves running', () => {
  const bench = workbench();

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('is reported, and ended with the job', async () => {
    const job = await bench.job();
    const step = await job.runTask({ task: await bench.task(starts('{ stdio: "ignore" }')) });
    const pid = Number(/child (\d+)/.exec(step.rawOutput)?.[1]);
    assert.deepEqual([step.result, step.leftProcesses, runs(pid)], ['Succeeded', true, true]);
    await job.finish();
    assert.equal((await job.runScript({ script: untilEnded(String(pid)) })).result, 'Succeeded');
  });

  it('is ended with the job, also when it is one of an attempt that failed', async () => {
    const job = await bench.job({ retryWait: () => 0 });
    const script = 'test ! -e pid || exit 0; sleep 600 >/dev/null 2>&1 & echo $! > pid; exit 1';
    const step = await job.runScript({ script, retries: 1 });
    assert.deepEqual([step.result, step.leftProcesses], ['Succeeded', true]);
    await job.finish();
    assert.equal((await job.runScript({ script: untilEnded('$(cat pid)') })).result, 'Succeeded');
  });

  it('holds the step up for a while when it keeps the output open', async () => {
    const job = await bench.job({ cancelTimes });
    const step = await job.runTask({ task: await bench.task(starts('{ stdio: "inherit" }')) });
    assert.deepEqual([step.result, step.leftProcesses], ['Succeeded', true]);
  });

  it('is not reported when the step ends it', async () => {
    const job = await bench.job();
    const step = await job.runTask({ task: await bench.task(`${starts('{ stdio: "ignore" }')} child.kill();`) });
    assert.equal(step.leftProcesses, false);
  });
});
