import path from 'node:path';
import { connectionEnvironment, type ServiceConnection } from './service-connections.ts';
import type { Variable, Variables } from './variables.ts';

/** `Build.SourceBranch` becomes `BUILD_SOURCEBRANCH`. Nothing but dots and spaces is replaced: dashes stay. */
export function environmentName(name: string, preserveCase = false): string {
  const formatted = name.replaceAll('.', '_').replaceAll(' ', '_');
  return preserveCase ? formatted : formatted.toUpperCase();
}

export interface TaskEnvironment {
  /** What the agent's own process has, and with it every step. */
  readonly machine: Readonly<Record<string, string>>;
  /** `env:` of the step, expanded. */
  readonly stepEnvironment: Readonly<Record<string, string>>;
  readonly inputs: ReadonlyMap<string, string>;
  readonly connections: readonly ServiceConnection[];
  readonly variables: Variables;
  readonly taskVariables: Variables;
  /** What `task.prependpath` added, in the order it came. */
  readonly prependedPaths: readonly string[];
}

/** The environment of a Node task, in the order in which the real agent lays one part over the other. */
export function taskEnvironment(parts: TaskEnvironment): Record<string, string> {
  const { variables } = parts;
  const environment = { ...parts.machine, ...parts.stepEnvironment, TF_BUILD: 'True' };
  for (const [name, value] of parts.inputs) Object.assign(environment, { [`INPUT_${environmentName(name)}`]: value });
  for (const connection of parts.connections) Object.assign(environment, connectionEnvironment(connection));
  Object.assign(environment, publicVariables(variables), {
    VSTS_PUBLIC_VARIABLES: JSON.stringify(variables.public().map(({ name }) => name)),
    ...prefixed('SECRET_', variables.secret()),
    VSTS_SECRET_VARIABLES: JSON.stringify(variables.secret().map(({ name }) => name)),
    ...prefixed('VSTS_TASKVARIABLE_', [...parts.taskVariables.public(), ...parts.taskVariables.secret()]),
  });
  return withPath(environment, parts.prependedPaths);
}

/** The environment of a script step: public variables and what the step maps in `env:`, no inputs, endpoints or secrets. */
export function scriptEnvironment(
  parts: Pick<TaskEnvironment, 'machine' | 'stepEnvironment' | 'variables' | 'prependedPaths'>,
): Record<string, string> {
  const { machine, stepEnvironment, variables } = parts;
  const environment = { ...machine, ...stepEnvironment, TF_BUILD: 'True', ...publicVariables(variables) };
  return withPath(environment, parts.prependedPaths);
}

function publicVariables(variables: Variables): Record<string, string> {
  const environment = prefixed('', variables.public());
  // The real agent passes the job status under its unformatted name too.
  return { ...environment, 'agent.jobstatus': variables.get('Agent.JobStatus') ?? '' };
}

function prefixed(prefix: string, variables: readonly Variable[]): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, value, preserveCase }) => [prefix + environmentName(name, preserveCase), value]),
  );
}

function withPath(environment: Record<string, string>, prepended: readonly string[]): Record<string, string> {
  if (prepended.length === 0) return environment;
  const folders = [...prepended.toReversed(), environment['PATH'] ?? ''].filter((folder) => folder !== '');
  return { ...environment, PATH: folders.join(path.delimiter) };
}
