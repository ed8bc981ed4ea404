import semver from 'semver';
import type { TaskContext } from '../task/context.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { programPath } from '../task/program.ts';
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
export async function ensureTool(
  name: ToolName,
  range: string | undefined,
  context: ToolContext,
  said = range,
): Promise<ReadyTool> {
  const found = await toolOnPath(name, context);
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

/** The tool on PATH; without one that tells its version the reason, a sentence without its full stop. */
async function toolOnPath(
  name: ToolName,
  context: Pick<TaskContext, 'exec' | 'log' | 'signal'>,
): Promise<ReadyTool | string> {
  const { versionArguments, versionPattern } = toolDefinitions[name];
  try {
    const program = programPath(name);
    const stdout = await context
      .exec(program, versionArguments, { show: false, timeoutMs: answerMs })
      .then((printed) => printed.stdout.trim(), toldNothing);
    const version = semver.parse(versionPattern.exec(stdout)?.[1])?.version;
    return version === undefined ? `${program} tells no version of ${name}` : { path: program, version };
  } catch (error) {
    if (error instanceof TaskError) return error.message.replace(/\.$/, '');
    throw error;
  }

  function toldNothing(error: unknown): string {
    context.signal.throwIfAborted();
    context.log.debug(messageOf(error));
    return '';
  }
}
