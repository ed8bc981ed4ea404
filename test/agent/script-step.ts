import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { scriptEnvironment } from './environment.ts';
import type { JobSetup } from './job-setup.ts';
import type { ScriptOptions } from './step-options.ts';
import type { StepStart } from './step-run.ts';
import { expandEnvironment, expandText, sourcesFolder } from './task-step.ts';

interface Shell {
  /** As the task names it in its messages. */
  readonly title: string;
  readonly extension: string;
  readonly args: (file: string) => readonly string[];
}

const shells: Readonly<Record<'bash' | 'pwsh', Shell>> = {
  bash: { title: 'Bash', extension: 'sh', args: (file) => ['--noprofile', '--norc', file] },
  pwsh: {
    title: 'PowerShell',
    extension: 'ps1',
    args: (file) => ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', `. '${file.replaceAll("'", "''")}'`],
  },
};

/**
 * Writes the script, with its macros expanded, into the agent's temp folder, as the Bash task does, and runs it with the
 * environment that a script step sees. The script is removed afterwards: it may hold secrets that the pipeline put there.
 */
export async function withScriptStart<T>(
  step: ScriptOptions,
  setup: JobSetup,
  run: (start: () => StepStart) => Promise<T>,
): Promise<T> {
  const { state, machine, tree } = setup;
  const program = step.shell ?? 'bash';
  const shell = shells[program];
  const file = path.join(tree.temp, `${randomUUID()}.${shell.extension}`);
  await writeFile(file, expandText(step.script, setup), { mode: 0o600 });
  try {
    return await run(() => ({
      file: program,
      args: shell.args(file),
      cwd: workingDirectory(step, setup),
      environment: scriptEnvironment({
        machine,
        stepEnvironment: expandEnvironment(step.env ?? {}, setup),
        variables: state.variables,
        prependedPaths: state.prependedPaths,
      }),
      banner: [],
      // The tasks that run scripts answer the agent's SIGINT by ending their shell (killChildProcess of task-lib).
      interruptSignal: 'SIGTERM',
      failure: (code) => `${shell.title} exited with code '${code}'.`,
      ...(step.failOnStderr === true && {
        stderrFailure: `${shell.title} wrote one or more lines to the standard error stream.`,
      }),
    }));
  } finally {
    await rm(file, { force: true });
  }
}

function workingDirectory({ workingDirectory: given = '' }: ScriptOptions, setup: JobSetup): string {
  const folder = expandText(given, setup).trim();
  const { state, tree } = setup;
  if (folder === '') return state.variables.get('System.DefaultWorkingDirectory') ?? tree.sources;
  const whole = path.resolve(sourcesFolder(setup), folder);
  if (!existsSync(whole)) throw new Error(`Not found workingDirectory: ${whole}`);
  return whole;
}
