import type { Person } from '../../azure/devops/index.ts';
import type { Azure } from '../../azure/index.ts';
import { devOpsAudience } from '../../azure/identity/access-tokens.ts';
import { call, fieldsOf, type Answer } from './loopback-client.ts';

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

/**
 * Asks the played Azure DevOps with a token; without one as the job. Paths begin behind `_apis/` of the project, or with `/` behind
 * the organisation, or are whole addresses.
 */
export function devOpsClient(azure: Azure, token = azure.job.accessToken): Ask {
  return (method, path, body) => {
    const organization = 'https://dev.azure.com/contoso';
    const inProject = `${organization}/${azure.job.projectId}/_apis/${path}`;
    const url = path.startsWith('/') ? organization + path : inProject;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-tfs-fedauthredirect': 'Suppress',
    };
    return call(azure, path.startsWith('https:') ? path : url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  };
}

/** A service principal that is a member of the organisation under an id of its own, and the token that it comes with. */
export function principalOf(azure: Azure, member: Person): { readonly member: Person; readonly token: string } {
  const principal = azure.identities.add({ kind: 'federated' });
  const { objectId } = principal;
  return {
    member: azure.organization.people.add({ ...member, objectId }),
    token: azure.accessTokens.issue(principal, devOpsAudience),
  };
}

/** The list in an answer. */
export async function listed(answer: Promise<Answer>): Promise<Readonly<Record<string, unknown>>[]> {
  return fieldsOf(await answer)['value'] as Readonly<Record<string, unknown>>[];
}

/** The status of a refusal, and what it says. */
export async function refusal(answer: Promise<Answer>): Promise<readonly [number, string]> {
  const given = await answer;
  return [given.status, String(fieldsOf(given)['message'])];
}
