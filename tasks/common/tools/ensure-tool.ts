import semver from 'semver';
import type { TaskContext } from '../task/context.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { programPath } from '../task/program.ts';
import { shown } from '../text/shown.ts';
import { toolDefinitions, type ToolName } from './definitions.ts';
import { type InstallContext, installTool, type ReadyTool } from './install-tool.ts';

/** What of the task's context a tool needs. */
export type ToolContext = InstallContext & Pick<TaskContext, 'exec'>;

const answerMs = 30_000;

/**
 * A tool for a task's own use: the one on PATH if it fits, else the pinned default, or what fits, is installed. PATH
 * stays as it is.
 * @param range what is needed, such as `>=3.17.0`, `4.x` or `4.1.4`; any version without it.
 * @param said the range as the author of the step wrote it
 * @returns `path` is absolute.
 * @throws TaskError when there is none that fits and none could be installed.
 */
export function ensureTool(
  name: ToolName,
  range: string | undefined,
  context: ToolContext,
  said = range,
): Promise<ReadyTool> {
  return lookForTool(name, context)(range, said);
}

/** The same in two parts: PATH is looked at at once, beside other work, and whoever needs the tool then says which fits. */
export function lookForTool(
  name: ToolName,
  context: ToolContext,
): (range: string | undefined, said?: string) => Promise<ReadyTool> {
  const found = toolOnPath(name, context);
  // Who needs it is told.
  found.catch(() => undefined);
  return async (range, said = range) => fitting(name, { range, said }, await found, context);
}

async function fitting(
  name: ToolName,
  { range, said }: { readonly range: string | undefined; readonly said: string | undefined },
  found: ReadyTool | string,
  context: ToolContext,
): Promise<ReadyTool> {
  const isTool = typeof found === 'object';
  if (isTool && (range === undefined || semver.satisfies(found.version, range, { includePrerelease: true }))) {
    return found;
  }
  const lack = isTool ? `The ${name} on PATH is ${found.version}, not ${said}` : found;
  context.log.info(`${lack}, so the task installs one.`);
  try {
    return await installTool(name, { version: range, mirror: undefined, ...(said !== undefined && { said }) }, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof TaskError)) throw error;
    throw new TaskError(
      `${lack}, and none could be installed: ${error.message} Or install it in a step before this one, for example with ` +
        'DeliveryToolsInstaller@1, which takes it from a mirror, too.',
    );
  }
}

/**
 * What a wrapper prints before the tool does: its other answers, such as paths, could not be read either.
 * @returns the reason, a sentence without its full stop; undefined when the last line tells no version either
 */
function noise(stdout: string, versionPattern: RegExp, program: string): string | undefined {
  const lines = stdout.split(/\r?\n/);
  const version = semver.parse(versionPattern.exec(lines.at(-1)?.trim() ?? '')?.[1])?.version;
  if (version === undefined) return undefined;
  return (
    `${program} is version ${version}, but something prints ${shown(lines[0] ?? '')} before it, and would before every ` +
    'other answer, too (a wrapper script, perhaps: let it print to its standard error)'
  );
}

/** The tool on PATH; without one that tells its version the reason, a sentence without its full stop. */
async function toolOnPath(
  name: ToolName,
  context: Pick<TaskContext, 'exec' | 'log' | 'signal'>,
): Promise<ReadyTool | string> {
  const { versionArguments, versionPattern } = toolDefinitions[name];
  let program: string;
  try {
    program = programPath(name);
  } catch (error) {
    if (error instanceof TaskError) return error.message.replace(/\.$/, '');
    throw error;
  }
  const stdout = await context
    .exec(program, versionArguments, { show: false, timeoutMs: answerMs })
    .then((printed) => printed.stdout.trim(), toldNothing);
  const version = semver.parse(versionPattern.exec(stdout)?.[1])?.version;
  if (version !== undefined) return { path: program, version };
  return noise(stdout, versionPattern, program) ?? `${program} tells no version of ${name}`;

  function toldNothing(error: unknown): string {
    context.signal.throwIfAborted();
    context.log.debug(messageOf(error));
    return '';
  }
}
