import semver from 'semver';
import type { TaskContext } from '../task/context.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { toolDefinitions, type ToolName } from './definitions.ts';
import { type InstallContext, installTool, type ReadyTool } from './install-tool.ts';

/** What of the task's context a tool needs. */
export type ToolContext = InstallContext & Pick<TaskContext, 'exec'>;

const answerMs = 30_000;

/**
 * A tool for a task's own use: the one on PATH if it fits, else the pinned default, or what fits, is installed. PATH
 * stays as it is.
 * @param range what is needed, such as `>=3.17.0`, `4.x` or `4.1.4`; any version without it.
 * @returns `path` is the bare name for a tool on PATH.
 * @throws TaskError when there is none that fits and none could be installed.
 */
export async function ensureTool(name: ToolName, range: string | undefined, context: ToolContext): Promise<ReadyTool> {
  const found = await versionOnPath(name, context);
  if (found !== undefined && (range === undefined || semver.satisfies(found, range, { includePrerelease: true }))) {
    return { path: name, version: found };
  }
  const lack =
    found === undefined
      ? `There is no ${name} on the PATH of this agent`
      : `The ${name} on PATH is ${found}, not ${range}`;
  context.log.info(`${lack}, so the task installs one.`);
  try {
    return await installTool(name, { version: range, mirror: undefined }, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof TaskError)) throw error;
    throw new TaskError(
      `${lack}, and none could be installed: ${error.message} Or install it in a step before this one, for example with ` +
        'DeliveryToolsInstaller@1.',
    );
  }
}

/** The version that the tool on PATH tells; undefined when there is none, or none that tells a version. */
async function versionOnPath(
  name: ToolName,
  context: Pick<TaskContext, 'exec' | 'log' | 'signal'>,
): Promise<string | undefined> {
  const { versionArguments, versionPattern } = toolDefinitions[name];
  try {
    const { stdout } = await context.exec(name, versionArguments, { show: false, timeoutMs: answerMs });
    return semver.parse(versionPattern.exec(stdout.trim())?.[1])?.version;
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.debug(messageOf(error));
    return undefined;
  }
}
