import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './errors.ts';

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
  const token = tl.getEndpointAuthorization('SYSTEMVSSCONNECTION', true)?.parameters['AccessToken'];
  if (!token)
    throw new TaskError(
      'The agent handed over no job access token (SystemVssConnection); the job cannot prove who it is.',
    );
  return token;
}
