import { TaskError } from '../task/outcome.ts';
import { connectionProblem } from './connection-problem.ts';
import { registryFault } from './registry-answer.ts';
import { ExchangeRefusal, type RegistrySignIn } from './sign-in.ts';

/** What was being done when the registry refused. */
export interface RegistryAction {
  readonly loginServer: string;
  readonly repository: string;
  readonly action: 'pull' | 'push';
  readonly signIn: RegistrySignIn;
}

const rolesFor = {
  pull: "AcrPull (or, on a registry with ABAC repository permissions, where AcrPull does not count, 'Container Registry Repository Reader')",
  push: "AcrPush (or, on a registry with ABAC repository permissions, where AcrPush does not count, 'Container Registry Repository Writer')",
};

/** The failure of a registry request in a pipeline author's terms, with the Azure role or setting to change. */
export function explainRegistryError(error: unknown, action: RegistryAction): TaskError {
  if (error instanceof TaskError) return error;
  if (error instanceof ExchangeRefusal) return explainRefusal(error.status, error.body, true, action);
  const { loginServer } = action;
  const status = numberIn(error, 'statusCode');
  const asked = textIn(fieldOf(error, 'request'), 'url') ?? '';
  const { host, pathname } = new URL(URL.canParse(asked) ? asked : `https://${loginServer}`);
  if (status === undefined) return new TaskError(connectionProblem(error, loginServer, host));
  if (host !== loginServer && status < 500) {
    return new TaskError(
      `${loginServer} keeps its blobs at ${host}, which refused this agent (HTTP ${status}): let the agent reach that ` +
        'host, too, through firewalls, proxies and private endpoints.',
    );
  }
  const body = textIn(fieldOf(error, 'response'), 'bodyAsText') ?? '';
  return explainRefusal(status, body, pathname.startsWith('/oauth2/'), action);
}

/**
 * The same for a refusal seen as status and body.
 * @param atSignIn the registry refused the sign-in itself, not the operation.
 */
export function explainRefusal(status: number, body: string, atSignIn: boolean, action: RegistryAction): TaskError {
  const fault = registryFault(body);
  const said = fault ? ` (HTTP ${status} ${fault.code}: ${fault.message.replace(/[.\s]+$/, '')})` : ` (HTTP ${status})`;
  const { loginServer } = action;
  // Registries give a reason, the way to them does not.
  if (fault === undefined && (status === 403 || status >= 500)) {
    return new TaskError(
      `${loginServer} could not be reached${said}: no registry wrote this answer. Check the registry's name and what ` +
        "the agent's proxy allows, else run the step again later.",
    );
  }
  if (status === 403 && /client with ip|firewall|not allowed access/i.test(fault?.message ?? '')) {
    return new TaskError(
      `The firewall of ${loginServer} does not let this agent in${said}: allow the agent's address under the ` +
        "registry's Networking settings, or run the job on an agent inside its network (private endpoint).",
    );
  }
  if (status === 401 || status === 403) return new TaskError(accessRefusal(said, atSignIn, action));
  return new TaskError(refusal(status, said, action));
}

function accessRefusal(said: string, atSignIn: boolean, { loginServer, repository, action, signIn }: RegistryAction) {
  if (atSignIn) return `${loginServer} refused the sign-in${said}: ${signIn.refusalHint(rolesFor[action])}.`;
  const [who, how] =
    signIn.kind === 'azure'
      ? ['the identity of the service connection', `assign ${rolesFor[action]} to it`]
      : [
          'the user of the Docker registry connection',
          `its scope map needs content/read${action === 'push' ? ' and content/write' : ''}`,
        ];
  return `${loginServer} does not let ${who} ${action} ${repository}${said}: ${how}.`;
}

function refusal(status: number, said: string, { loginServer, repository, action }: RegistryAction): string {
  if (status === 404) {
    return `A part of the chart is missing in ${repository} of ${loginServer}${said}: it was deleted, or is not replicated yet. Push the chart again.`;
  }
  if (status === 405 || status === 409) {
    return `${loginServer} refused the change to ${repository}${said}: the tag or repository is probably locked (az acr repository show).`;
  }
  if (status === 429)
    return `${loginServer} is overloaded and refused several attempts${said}: run the step again later.`;
  if (status >= 500)
    return `${loginServer} failed several times${said}: run the step again later, or look at Azure's service health.`;
  return `${loginServer} refused to ${action} ${repository}${said}.`;
}

function fieldOf(from: unknown, name: string): unknown {
  if (from === null || typeof from !== 'object') return undefined;
  return Object.getOwnPropertyDescriptor(from, name)?.value;
}

function textIn(from: unknown, name: string): string | undefined {
  const value = fieldOf(from, name);
  return typeof value === 'string' ? value : undefined;
}

function numberIn(from: unknown, name: string): number | undefined {
  const value = fieldOf(from, name);
  return typeof value === 'number' ? value : undefined;
}
