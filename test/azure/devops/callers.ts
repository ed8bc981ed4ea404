import type { Job } from '../hosts/azure-devops.ts';
import { refuseCaller } from '../hosts/dev-azure-trouble.ts';
import { type AccessTokens, devOpsAudience } from '../identity/access-tokens.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Organization } from './organization.ts';
import { answerChecks } from './rest.ts';

/** Who may ask, and of what. */
interface Door {
  readonly job: Job;
  readonly organization: Organization;
  readonly accessTokens: AccessTokens;
}

/**
 * Answers whoever has this token: the job by its own one, a service principal that is a member by Entra's; one that is no member
 * is told so. @returns false when the token is another, or the request is for another service.
 */
export async function answerMember(
  exchange: Exchange,
  token: string,
  { job, organization, accessTokens }: Door,
): Promise<boolean> {
  if (token === job.accessToken) return answerChecks(exchange, organization, organization.buildService);
  const proven = accessTokens.inspect(token);
  if (proven?.resource !== devOpsAudience) return false;
  const { objectId, tenantId } = proven.identity;
  const member = organization.people.byObjectId(objectId);
  if (member !== undefined && member.isInactive !== true) return answerChecks(exchange, organization, member);
  const text =
    `TF401444: Please sign-in at least once as ${tenantId}\\${tenantId}\\${objectId} in a web browser to enable access to the ` +
    'service.';
  await refuseCaller(exchange, text);
  return true;
}
