import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exec, type ExecOptions, ToolFailure, ToolTimeout } from '../../../tasks/common/task/exec.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';

const quiet = { show: false };
const run = (script: string, options: ExecOptions = {}) =>
  exec(process.execPath, ['-e', script], { ...quiet, ...options });

async function failureOf(work: Promise<unknown>): Promise<TaskError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TaskError, String(error));
  return error;
}

describe('a program that a task runs', () => {
  it('gives back both of its outputs', async () => {
    assert.deepEqual(await run('console.log("out\\nput"); console.error("error")'), {
      stdout: 'out\nput',
      stderr: 'error',
    });
  });

  it('gets arguments as they are, without a shell', async () => {
    const hostile = ['a b', '$(touch x)', '"; exit 1; "', '%PATH%', '*', '--flag=&|<>'];
    const { stdout } = await exec(
      process.execPath,
      ['-p', 'JSON.stringify(process.argv.slice(1))', '--', ...hostile],
      quiet,
    );
    assert.deepEqual(JSON.parse(stdout), hostile);
  });

  it('gets secrets by its standard input, and an empty one without', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    assert.equal((await run(echo, { stdin: 'user\npässword' })).stdout, 'user\npässword');
    assert.equal((await run(echo)).stdout, '');
  });

  it('may end without reading its input', async () => {
    await run('process.exit(0)', { stdin: 'x'.repeat(1_000_000) });
  });

  it('fails with the end of its error output, shortened', async () => {
    const error = await failureOf(
      run('for (let i = 0; i < 40; i++) console.error(`line ${i} ${"x".repeat(2000)}`); process.exitCode = 3'),
    );
    assert.ok(error instanceof ToolFailure);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, / -e failed with exit code 3: line 25 x/);
    assert.match(error.message, /line 39 x+$/);
    assert.ok(error.message.length < 10_000);
    assert.match(error.stderr, /^line 0 /);
  });

  it('fails with what it said otherwise, or with its silence', async () => {
    assert.match((await failureOf(run('console.log("only this"); process.exit(1)'))).message, /code 1: only this$/);
    assert.match((await failureOf(run('process.exit(1)'))).message, /code 1: it printed nothing$/);
    assert.match(
      (await failureOf(run('process.kill(process.pid, "SIGKILL")'))).message,
      / was stopped: it printed nothing$/,
    );
  });

  it('may not exist, which is told without an error code of Node’s', async () => {
    const { message } = await failureOf(exec('/no-such-program-here', ['version'], quiet));
    assert.equal(message, '/no-such-program-here could not be started: no such program was found.');
  });

  it('is started by its absolute path only: a bare name would be looked for in the sources, too', async () => {
    for (const name of ['node', './node', 'node_modules/.bin/tsx', '']) {
      await assert.rejects(exec(name, ['--version'], quiet), {
        name: 'Error',
        message: `A program is started by its absolute path, not as '${name}'.`,
      });
    }
  });

  it('gets a PATH without the working directory, and nothing that only the task needs', async () => {
    const { PATH } = process.env;
    Object.assign(process.env, { PATH: `:${PATH}:.`, ENDPOINT_URL_1: 'https://contoso', SYSTEM_ACCESSTOKEN: 'x' });
    try {
      const names = '["PATH", "ENDPOINT_URL_1", "SYSTEM_ACCESSTOKEN"]';
      const { stdout } = await run(`console.log(JSON.stringify(${names}.map((name) => process.env[name] ?? null)))`);
      assert.deepEqual(JSON.parse(stdout), [PATH, null, null]);
    } finally {
      for (const name of ['ENDPOINT_URL_1', 'SYSTEM_ACCESSTOKEN']) delete process.env[name];
      process.env['PATH'] = PATH;
    }
  });

  it('is stopped when it takes too long', async () => {
    const { message } = await failureOf(run('setInterval(() => {}, 1000)', { timeoutMs: 100 }));
    assert.match(message, / -e did not end within 0\.1 s and was stopped\.$/);
  });

  it('is given as much time to stop as it was promised', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'exec-grace-'));
    const mark = path.join(folder, 'mark');
    const controller = new AbortController();
    // Within the usual two seconds it would come to its end.
    const slow = `process.on('SIGTERM', () => setTimeout(() => {
      require('fs').writeFileSync(${JSON.stringify(mark)}, ''); process.exit() }, 1900)); console.log('ready'); setInterval(() => {}, 1000)`;
    const onLine = (): void => controller.abort(new TaskError('The run was cancelled.'));
    await failureOf(run(slow, { signal: controller.signal, onLine, graceMs: 10 }));
    assert.equal(existsSync(mark), false);
    rmSync(folder, { recursive: true });
  });

  it('tells what ended it', async () => {
    const killed = await failureOf(run("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)"));
    assert.ok(killed instanceof ToolFailure);
    assert.deepEqual([killed.exitCode, killed.endedBy], [null, 'SIGKILL']);
    const failed = await failureOf(run('process.exit(3)'));
    assert.ok(failed instanceof ToolFailure);
    assert.deepEqual([failed.exitCode, failed.endedBy], [3, null]);
    assert.ok((await failureOf(run('setInterval(() => {}, 1000)', { timeoutMs: 100 }))) instanceof ToolTimeout);
  });

  it('is stopped on cancel, with the reason of the cancel', async () => {
    const controller = new AbortController();
    const running = failureOf(run('setInterval(() => {}, 1000)', { signal: controller.signal }));
    controller.abort(new TaskError('The run was cancelled.'));
    assert.equal((await running).message, 'The run was cancelled.');
  });

  it('is not even started after a cancel', async () => {
    const signal = AbortSignal.abort(new TaskError('The run was cancelled.'));
    assert.equal((await failureOf(exec('/no-such-program-here', [], { signal }))).message, 'The run was cancelled.');
  });

  it('is not waited for when what it started holds its output open', async () => {
    // Longer than any test may take.
    const outlives = 'setTimeout(() => {}, 3600_000)';
    const script = `require('child_process').spawn(process.execPath, ['-e', '${outlives}'], { stdio: 'inherit', detached: true })`;
    const stop = new AbortController();
    let child = 0;
    const running = failureOf(
      run(`const child = ${script}; console.log(child.pid); setTimeout(() => {}, 3600_000); child.unref()`, {
        signal: stop.signal,
        onLine: (line) => {
          child = Number(line);
          stop.abort(new TaskError('Stopped.'));
        },
      }),
    );
    assert.equal((await running).message, 'Stopped.');
    process.kill(child, 'SIGKILL');
  });

  it('is stopped when it prints too much, so that no part of an output is taken for the whole', async () => {
    const flood =
      'const write = () => { while (process.stdout.write("x".repeat(1000) + "\\n")); }; process.stdout.on("drain", write); write()';
    const { message } = await failureOf(run(flood, { maxOutput: 100_000 }));
    assert.match(message, / -e printed more than 100000 bytes and was stopped\.$/);
    const silentError = 'console.error("y".repeat(200_000))';
    assert.match((await failureOf(run(silentError, { maxOutput: 100_000 }))).message, /printed more than 100000 bytes/);
  });

  it('gives back a line of any length as it is', async () => {
    const { stdout } = await run('process.stdout.write("z".repeat(300_000) + "\\nend\\n")');
    assert.equal(stdout, `${'z'.repeat(300_000)}\nend`);
  });

  it('tells each line as it comes, of either output', async () => {
    const told: string[] = [];
    await run('console.log("one\\ntwo"); console.error("three")', {
      onLine: (line, stream) => void told.push(`${stream}: ${line}`),
    });
    assert.deepEqual(told.sort(), ['stderr: three', 'stdout: one', 'stdout: two']);
  });

  it('runs beside others', async () => {
    const results = await Promise.all([1, 2, 3].map((number) => run(`console.log(${number})`)));
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      ['1', '2', '3'],
    );
  });
});
