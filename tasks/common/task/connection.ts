import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './outcome.ts';
import { quietly, secretsOfConnection } from './secrets.ts';
import { learnSecret } from '../text/shown.ts';

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
  // The agent masks them, but nothing that is made or cut of them.
  for (const { value } of quietly(() => secretsOfConnection(id))) learnSecret(value);
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

/** The job's own identity towards Azure DevOps. */
export interface JobIdentity {
  /** The address that issues OIDC tokens for this job's service connections. @throws TaskError when unknown. */
  oidcRequestUri(): string;
  /** The job's access token (System.AccessToken). @throws TaskError when the agent handed none over. */
  accessToken(): string;
}

export const job: JobIdentity = { oidcRequestUri, accessToken };

function oidcRequestUri(): string {
  const given = tl.getVariable('System.OidcRequestUri');
  if (given) return given;
  // Older servers do not set the variable; the address follows from the job's identity.
  const names = [
    'System.CollectionUri',
    'System.TeamProjectId',
    'System.HostType',
    'System.PlanId',
    'System.JobId',
  ] as const;
  const [collection, project, hub, plan, jobId] = names.map((name) => {
    const value = tl.getVariable(name);
    if (!value)
      throw new TaskError(`The agent gives neither System.OidcRequestUri nor ${name}; federation needs them.`);
    return value;
  });
  return `${collection?.replace(/\/$/, '')}/${project}/_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${jobId}/oidctoken`;
}

function accessToken(): string {
  const id = 'SYSTEMVSSCONNECTION';
  const token =
    filled(tl.getEndpointAuthorization(id, optional)?.parameters['AccessToken']) ??
    filled(quietly(() => tl.getEndpointAuthorizationParameter(id, 'AccessToken', optional)));
  if (token === undefined)
    throw new TaskError(
      'The agent handed over no job access token (SystemVssConnection); the job cannot prove who it is.',
    );
  return token;
}
