import { azureCredential } from '../common/azure/index.ts';
import { type AskDevOps, devOpsRest } from '../common/devops/rest.ts';
import { collectionUri } from '../common/devops/this-run.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** Who asks Azure DevOps. */
export interface Caller {
  readonly ask: AskDevOps;
  /** As people find it in the pages where roles are given. */
  readonly name: string;
}

/** Azure DevOps, as Entra ID knows it. */
const scope = '499b84ac-1321-427f-aa17-267ca6975798/.default';

/** The principal of the chosen service connection, else the job. @throws TaskError when both connections are given */
export function callerOf(inputs: Inputs, context: TaskContext<Output>): Caller {
  const { azureDevOpsConnection, azureSubscription } = inputs;
  if (azureDevOpsConnection !== undefined && azureSubscription !== undefined) {
    throw new TaskError(
      'Inputs azureDevOpsConnection and azureSubscription are both given; the step asks as one identity.',
    );
  }
  if (azureDevOpsConnection !== undefined) return principal(azureDevOpsConnection, 'azureDevOpsConnection', context);
  if (azureSubscription !== undefined) return principal(azureSubscription, 'azureSubscription', context);
  const project = context.variable('System.TeamProject') ?? 'the project';
  return {
    ask: devOpsRest(context, () => context.job.accessToken()),
    name: `the identity of the job ('${project} Build Service (${organizationOf(context)})', or 'Project Collection Build Service (${organizationOf(context)})' where jobs are not limited to their project)`,
  };
}

function principal(id: string, input: string, context: TaskContext<Output>): Caller {
  const connection = context.connection(id, input);
  const credential = azureCredential(connection, context);
  let token: { readonly token: string; readonly expiresOnTimestamp: number } | undefined;
  return {
    ask: devOpsRest(context, async () => {
      // The SDK keeps it until shortly before its end, but looks it up through many layers each time.
      if (token === undefined || token.expiresOnTimestamp - Date.now() < 300_000)
        token = await credential.getToken(scope);
      return token.token;
    }),
    // Its application id would be masked in the log.
    name: `the principal of the service connection of input ${input} (named on its page in Project settings, Service connections)`,
  };
}

function organizationOf(context: TaskContext<Output>): string {
  const { hostname, pathname } = new URL(collectionUri(context));
  return pathname.split('/').find(Boolean) ?? hostname.split('.')[0] ?? hostname;
}

/** Where the organisation's identities are looked up: a host of their own, but on a server of one's own. */
export function identitiesAddress(context: Pick<TaskContext, 'variable'>): string {
  const collection = new URL(collectionUri(context));
  const { hostname } = collection;
  if (hostname === 'dev.azure.com') collection.hostname = 'vssps.dev.azure.com';
  const [organization] = /^[^.]+(?=\.visualstudio\.com$)/i.exec(hostname) ?? [];
  if (organization !== undefined) collection.hostname = `${organization}.vssps.visualstudio.com`;
  return `${collection.href}_apis/identities`;
}
