import { messageOf, TaskError } from '../task/errors.ts';
import { registryFault } from './registry-answer.ts';
import type { RegistrySignIn } from './sign-in.ts';

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
  const status = numberIn(error, 'statusCode');
  if (status === undefined) return new TaskError(connectionProblem(error, action.loginServer));
  const response = fieldOf(error, 'response');
  const body = fieldOf(response, 'bodyAsText');
  const atSignIn = /\/oauth2\//.test(textIn(fieldOf(error, 'request'), 'url') ?? '');
  return explainRefusal(status, typeof body === 'string' ? body : '', atSignIn, action);
}

/**
 * The same for a refusal seen as status and body.
 * @param atSignIn the registry refused the sign-in itself, not the operation.
 */
export function explainRefusal(status: number, body: string, atSignIn: boolean, action: RegistryAction): TaskError {
  const fault = registryFault(body);
  const said = fault ? ` (HTTP ${status} ${fault.code}: ${fault.message.replace(/[.\s]+$/, '')})` : ` (HTTP ${status})`;
  return new TaskError(refusal(status, fault?.message ?? '', said, atSignIn, action));
}

function refusal(status: number, message: string, said: string, atSignIn: boolean, action: RegistryAction): string {
  const { loginServer, repository, action: verb, signIn } = action;
  if (status === 403 && /client with ip|firewall|not allowed access/i.test(message)) {
    return (
      `The firewall of ${loginServer} does not let this agent in${said}: allow the agent's address under the ` +
      "registry's Networking settings, or run the job on an agent inside its network (private endpoint)."
    );
  }
  if (status === 401 || status === 403) {
    if (atSignIn && signIn.kind === 'password')
      return `${loginServer} refused the sign-in${said}: ${signIn.refusalHint()}.`;
    if (atSignIn) {
      return `${loginServer} refused the sign-in${said}: ${signIn.refusalHint()}. Assign ${rolesFor[verb]} to it.`;
    }
    const who =
      signIn.kind === 'azure' ? 'the identity of the service connection' : 'the user of the Docker registry connection';
    const how =
      signIn.kind === 'azure'
        ? `assign ${rolesFor[verb]} to it`
        : `its scope map needs content/read${verb === 'push' ? ' and content/write' : ''}`;
    return `${loginServer} does not let ${who} ${verb} ${repository}${said}: ${how}.`;
  }
  if (status === 404) return `${loginServer} has no such thing in ${repository}${said}.`;
  if (status === 405 || status === 409) {
    return `${loginServer} refused the change to ${repository}${said}: the tag or repository is probably locked (az acr repository show).`;
  }
  if (status === 429)
    return `${loginServer} is overloaded and refused several attempts${said}: run the step again later.`;
  if (status >= 500)
    return `${loginServer} failed several times${said}: run the step again later, or look at Azure's service health.`;
  return `${loginServer} refused to ${verb} ${repository}${said}.`;
}

const certificateProblem = /CERT|self.signed|unable to verify|UNABLE_TO/i;

function connectionProblem(error: unknown, loginServer: string): string {
  const code = textIn(error, 'code') ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The registry ${loginServer} cannot be found (DNS: ${code}); copy the 'Login server' from its page in the portal.`;
  }
  if (certificateProblem.test(`${code} ${messageOf(error)}`)) {
    return (
      `The certificate of ${loginServer} is not trusted here (${code === '' ? messageOf(error) : code}): give the ` +
      "agent your organisation's certificate authority (config --sslcacert, or NODE_EXTRA_CA_CERTS)."
    );
  }
  if (error instanceof Error && error.name === 'DigestMismatchError') {
    return `${loginServer} sent content that does not have the digest it should have (${error.message}); nothing of it was used.`;
  }
  if (/from challenge/.test(messageOf(error))) {
    return `${loginServer} does not sign clients in the way Azure Container Registry does; is it an Azure container registry?`;
  }
  return `The connection to ${loginServer} failed: ${messageOf(error).split('\n')[0]?.slice(0, 300)}.`;
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
