import type { Exchange } from '../network/exchange.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { answerApprovals, timeline } from './rest-approvals.ts';
import { answerCheck, answerConfigurations, answerQuery } from './rest-configurations.ts';
import { answerDefinitions } from './rest-definitions.ts';
import { answerEnvironment, answerEnvironments } from './rest-environments.ts';
import { answerConnectionData, answerIdentities } from './rest-identities.ts';
import { answerPermissions } from './rest-permissions.ts';
import { projectRefusal } from './rest-project.ts';
import { answerRoles } from './rest-security.ts';

type Answer = (exchange: Exchange, organization: Organization, caller: Person, id: string) => Promise<void>;

const routes: readonly (readonly [RegExp, Answer])[] = [
  [
    /^build\/builds\/(\d+)\/timeline$/i,
    (exchange, { approvals }, _caller, id) => exchange.json(200, timeline(id, approvals.all)),
  ],
  [/^pipelines\/checks\/configurations$/i, answerConfigurations],
  [/^pipelines\/checks\/configurations\/(\d+)$/i, answerCheck],
  [/^pipelines\/checks\/queryconfigurations$/i, answerQuery],
  [/^pipelines\/approvals$/i, answerApprovals],
  [/^(?:pipelines|distributedtask)\/environments$/i, answerEnvironments],
  [/^(?:pipelines|distributedtask)\/environments\/(\d+(?:\/environmentdeploymentrecords)?)$/i, answerEnvironment],
  [/^pipelines\/pipelinepermissions\/environment\/(\d+)$/i, answerPermissions],
  [
    /^securityroles\/scopes\/distributedtask\.environmentreferencerole\/roleassignments\/resources\/[^/]+_(\d+)$/i,
    answerRoles,
  ],
  [/^build\/definitions$/i, answerDefinitions],
  [/^identities$/i, answerIdentities],
  [/^connectiondata$/i, answerConnectionData],
];

/** Plays the REST API of environments, checks and approvals. @returns false when the request is for another service. */
export async function answerChecks(exchange: Exchange, organization: Organization, caller: Person): Promise<boolean> {
  const [, project, what = ''] = /^\/[^/]+(?:\/([^/]+))?\/_apis\/(.+)$/i.exec(exchange.path) ?? [];
  for (const [route, answer] of routes) {
    const match = route.exec(what);
    if (match === null) continue;
    const refusal = project === undefined ? undefined : projectRefusal(project, organization, caller);
    if (refusal !== undefined) {
      await exchange.json(404, refusal);
      return true;
    }
    await answer(exchange, organization, caller, match[1] ?? '');
    return true;
  }
  return false;
}
