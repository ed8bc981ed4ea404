import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';

/** What a tool must be built for. */
export interface Platform {
  /** As Go names it. */
  readonly os: 'linux' | 'darwin' | 'windows';
  /** As Node and the agent's tool cache name it. */
  readonly cpu: 'x64' | 'arm64';
}

const systems: Readonly<Record<string, Platform['os']>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const processors: Readonly<Record<string, Platform['cpu']>> = { x64: 'x64', arm64: 'arm64' };

/**
 * The operating system that this process runs on and the agent's CPU. The agent is asked for the CPU first: the Node
 * that it brings may be one that runs under emulation.
 * @throws TaskError when no vendor builds for it.
 */
export function platformOf(
  context: Pick<TaskContext, 'variable'>,
  running: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): Platform {
  const said = context.variable('Agent.OSArchitecture')?.toLowerCase();
  const os = systems[running.platform];
  const cpu = processors[said ?? running.arch];
  if (os !== undefined && cpu !== undefined) return { os, cpu };
  throw new TaskError(
    `This agent runs on ${running.platform} with an ${said ?? running.arch} CPU; the tools can be installed on Linux, ` +
      'macOS and Windows with an x64 or arm64 CPU. Put them on the PATH of this agent instead.',
  );
}

const systemNames = { linux: 'Linux', darwin: 'macOS', windows: 'Windows' } as const;

/** @throws TaskError when the vendor of a tool does not build it for the system of this agent. */
export function checkSystem(
  tool: { readonly name: string; readonly systems?: readonly Platform['os'][] },
  { os }: Platform,
): void {
  if (tool.systems === undefined || tool.systems.includes(os)) return;
  const built = tool.systems.map((system) => systemNames[system]);
  throw new TaskError(
    `${tool.name} is built by its vendor for ${built.join(' and ')} only, and this agent runs on ${systemNames[os]}: run the ` +
      `step on an agent with ${built.join(' or ')}.`,
  );
}
