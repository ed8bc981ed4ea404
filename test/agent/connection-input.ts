import { PipelineError } from './pipeline-error.ts';
import type { ServiceConnection } from './service-connections.ts';
import type { TaskInput } from './task-definition.ts';

/**
 * The ids for an input of type `connectedService:<type>[:<schemes>]`, comma separated: the server replaces names by ids.
 * @returns undefined when the input holds no service connection
 * @throws PipelineError when a connection does not exist or is of another type
 */
export function connectionIds(
  input: TaskInput,
  value: string,
  connections: readonly ServiceConnection[],
): string | undefined {
  const [kind, type = '', schemes = ''] = (input.type ?? '').toLowerCase().split(':');
  if (kind !== 'connectedservice') return undefined;
  return namesIn(value)
    .map((name) => {
      const connection = findConnection(connections, name);
      const usable = connection?.type.toLowerCase() === type && acceptsScheme(schemes, connection.scheme);
      if (connection === undefined || !usable) {
        throw new PipelineError(
          `Input '${input.name}' references service connection '${name}', which does not exist or is not of type ${type}.`,
        );
      }
      return connection.id.toLowerCase();
    })
    .join(',');
}

/** The connections whose ids the inputs hold: only these are handed to the task. */
export function referencedConnections(
  inputs: readonly TaskInput[],
  values: ReadonlyMap<string, string>,
  connections: readonly ServiceConnection[],
): ServiceConnection[] {
  const ids = inputs
    .filter((input) => input.type?.toLowerCase().startsWith('connectedservice:') === true)
    .flatMap((input) => namesIn(values.get(input.name) ?? ''));
  return connections.filter((connection) => ids.includes(connection.id.toLowerCase()));
}

function namesIn(value: string): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function findConnection(connections: readonly ServiceConnection[], name: string): ServiceConnection | undefined {
  const wanted = name.toLowerCase();
  return connections.find((connection) =>
    [connection.name, connection.id].some((candidate) => candidate.toLowerCase() === wanted),
  );
}

function acceptsScheme(schemes: string, scheme: string): boolean {
  return schemes === '' || schemes.split(',').includes(scheme.toLowerCase());
}
