import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { scriptEnvironment } from './environment.ts';
import type { JobSetup } from './job-setup.ts';
import { expandMacros } from './macros.ts';
import type { StepStart } from './step-run.ts';
import { expandEnvironment } from './task-step.ts';

/** A `bash:` step. */
export interface ScriptStep {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Writes the script, with its macros expanded, into the agent's temp folder, as the Bash task does, and runs it with the
 * environment that a script step sees. The script is removed afterwards: it may hold secrets that the pipeline put there.
 */
export async function withScriptStart<T>(
  step: ScriptStep,
  setup: JobSetup,
  run: (start: StepStart) => Promise<T>,
): Promise<T> {
  const { state, machine, tree } = setup;
  const file = path.join(tree.temp, `${randomUUID()}.sh`);
  const script = expandMacros(state.variables.expand(step.script), (name) => machine[name]);
  await writeFile(file, script, { mode: 0o600 });
  try {
    return await run({
      file: 'bash',
      args: ['--noprofile', '--norc', file],
      cwd: tree.sources,
      environment: scriptEnvironment({
        machine,
        stepEnvironment: expandEnvironment(step.environment, setup),
        variables: state.variables,
        prependedPaths: state.prependedPaths,
      }),
      banner: [],
      failure: (code) => `Bash exited with code '${code}'.`,
    });
  } finally {
    await rm(file, { force: true });
  }
}
