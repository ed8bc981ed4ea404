import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './errors.ts';
import { quietly } from './quietly.ts';

/** A service connection as the agent hands it over. Names of parameters and data are compared without case. */
export interface ServiceConnection {
  /** The connection's GUID. */
  readonly id: string;
  readonly url: string | undefined;
  /** Authorization scheme, such as `WorkloadIdentityFederation`; undefined when the server sent none. */
  readonly scheme: string | undefined;
  /** Authorization parameter, secret or not. */
  parameter(name: string): string | undefined;
  data(name: string): string | undefined;
}

const optional = true;
const filled = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/**
 * The service connection behind a `connectedService:*` input's value.
 * @throws TaskError when the agent has no such connection, as with a connection that the pipeline may not use.
 */
export function serviceConnection(id: string, input: string): ServiceConnection {
  const authorization = tl.getEndpointAuthorization(id, optional);
  const scheme = filled(tl.getEndpointAuthorizationScheme(id, optional) ?? authorization?.scheme);
  if (authorization === undefined && scheme === undefined) {
    throw new TaskError(
      `The service connection of input ${input} ('${id}') did not reach the agent. ` +
        'Check its name, and that this pipeline may use it (Project settings > Service connections > Security).',
    );
  }
  const lowerCased = new Map(
    Object.entries(authorization?.parameters ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    id,
    url: filled(tl.getEndpointUrl(id, optional)),
    scheme,
    parameter: (name) =>
      filled(
        quietly(() => tl.getEndpointAuthorizationParameter(id, name, optional)) ?? lowerCased.get(name.toLowerCase()),
      ),
    data: (name) => filled(tl.getEndpointDataParameter(id, name, optional)),
  };
}
