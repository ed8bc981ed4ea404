import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { goJson } from '../go/json.ts';
import type { TaskContext } from '../task/context.ts';
import { type ExecResult, ToolFailure } from '../task/exec.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { noNetwork } from '../task/network.ts';
import type { GoYamlValue } from '../go/yaml.ts';
import { firstLine } from '../text/lines.ts';
import type { ManifestObject } from './objects.ts';
import type { Findings, Policy } from './policies.ts';

/** Judges objects, no two of the same key, by some policies. @throws EngineFailure when it gives no answer */
export type Engine = (policies: readonly Policy[], objects: readonly ManifestObject[]) => Promise<Findings>;

/** An engine gave no answer that could be read: nothing is known of the policies that it was given. */
export class EngineFailure extends TaskError {}

/** What an engine needs of the task's context. */
export type EngineContext = Pick<TaskContext, 'exec' | 'privateFolder' | 'signal'>;

/** An engine tells of each object with each policy; ten policies and a thousand objects make some 5 MB. In bytes. */
const maxOutput = 64 * 1024 * 1024;
const timeoutMs = 1_800_000;

/**
 * Runs an engine's program, which reaches no other machine. An end with code 1 is an answer as well: so both tell of
 * violations, and of errors too.
 * @throws EngineFailure for every other end; the signal's reason on cancel
 */
export async function answerOf(
  program: string,
  args: readonly string[],
  context: EngineContext,
): Promise<ExecResult & { readonly exitCode: number }> {
  try {
    const options = { show: false, maxOutput, timeoutMs, env: { ...noNetwork, KUBECONFIG: undefined } };
    return { ...(await context.exec(program, args, options)), exitCode: 0 };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ToolFailure && error.exitCode === 1) {
      return { stdout: error.stdout, stderr: error.stderr, exitCode: 1 };
    }
    if (!(error instanceof TaskError)) throw error;
    const said = error instanceof ToolFailure ? firstLine(/^panic: .*/m.exec(error.stderr)?.[0] ?? error.stderr) : '';
    throw new EngineFailure(said === '' ? messageOf(error) : `${path.basename(program)} ended early: ${said}`);
  }
}

/**
 * Does something with a private folder of files of documents, each by its name. The folder is gone after it: an engine is run
 * many times, each time with all objects.
 */
export async function withFiles<Result>(
  documents: Readonly<Record<string, readonly GoYamlValue[]>>,
  context: EngineContext,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(context.privateFolder(), 'policies-'));
  try {
    for (const [name, values] of Object.entries(documents)) {
      // JSON is YAML that has no second reading, and no alias; these characters Go's YAML refuses, or takes for line ends.
      const text = values
        .map((value) => goJson(value).replaceAll(/[\u007f-\u009f\ufeff\ufffe\uffff]/g, escaped))
        .join('\n---\n');
      await writeFile(path.join(folder, name), `${text}\n`, { mode: 0o600, flag: 'wx' });
    }
    return await use(folder);
  } finally {
    // What Windows still holds goes with the private folder.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function escaped(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
