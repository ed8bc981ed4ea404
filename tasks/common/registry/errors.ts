import { isMapping } from '../go/mapping.ts';
import { explainUntrusted } from '../network/index.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { firstLine } from '../text/lines.ts';
import { faultIn, Refusal } from './client/answer.ts';
import type { RegistrySignIn } from './sign-in.ts';

/** What was being done when the registry refused. */
export interface RegistryAction {
  readonly loginServer: string;
  readonly repository: string;
  /** `use`: no repository is spoken of, a client is to be signed in. */
  readonly action: 'pull' | 'push' | 'use';
  readonly signIn: RegistrySignIn;
}

const rolesFor = {
  pull: "AcrPull (or, on a registry with ABAC repository permissions, where AcrPull does not count, 'Container Registry Repository Reader')",
  push: "AcrPush (or, on a registry with ABAC repository permissions, where AcrPush does not count, 'Container Registry Repository Writer')",
  use: "AcrPush to push, AcrPull to pull (or, on a registry with ABAC repository permissions, where those do not count, 'Container Registry Repository Writer' or 'Container Registry Repository Reader')",
};

/** The failure of a registry request in a pipeline author's terms, with the Azure role or setting to change. */
export function explainRegistryError(error: unknown, action: RegistryAction): TaskError {
  if (error instanceof TaskError) return error;
  const { loginServer } = action;
  if (!(error instanceof Refusal))
    return new TaskError(explainConnection(error, loginServer, hostOf(error, loginServer)));
  const { status, body, at, host } = error;
  if (host !== loginServer && status < 500) {
    return new TaskError(
      `${loginServer} keeps its blobs at ${host}, which refused this agent (HTTP ${status}): let the agent reach that ` +
        'host, too, through firewalls, proxies and private endpoints.',
    );
  }
  return explainRefusal(status, body, at === 'sign-in', action);
}

/**
 * The same for a refusal seen as status and body.
 * @param atSignIn the registry refused the sign-in itself, not the operation.
 */
export function explainRefusal(status: number, body: string, atSignIn: boolean, action: RegistryAction): TaskError {
  const fault = faultIn(body);
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
  if (signIn.kind === 'nobody')
    return `${loginServer} does not give ${repository} to everybody${said}: ${signIn.refusalHint(rolesFor[action])}.`;
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

function refusal(status: number, said: string, { loginServer, repository, action, signIn }: RegistryAction): string {
  if (action === 'use' && status !== 429 && status < 500) {
    const which = signIn.kind === 'azure' ? 'an Azure container registry' : 'a registry';
    return `${loginServer} did not take the sign-in${said}: is it ${which}?`;
  }
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

const unknownHost = /^(ENOTFOUND|EAI_AGAIN)$/;
const fileProblem = /^(ENOENT|ENOSPC|EDQUOT|EACCES|EPERM|EROFS|EMFILE|ENFILE|EIO|EFBIG|EISDIR)$/;

/** Why a request got no answer, or one that is worth nothing, in a pipeline author's terms. */
function explainConnection(error: unknown, loginServer: string, host: string): string {
  const code = codeOf(error);
  const message = firstLine(messageOf(error)).replace(/[.\s]+$/, '');
  const where = host === loginServer ? loginServer : `${host}, where ${loginServer} keeps its blobs,`;
  if (unknownHost.test(code) && host === loginServer) {
    return `The registry ${loginServer} cannot be found (DNS: ${code}); copy the 'Login server' from its page in the portal.`;
  }
  if (fileProblem.test(code)) return `A file could not be read or written (${message}).`;
  const untrusted = explainUntrusted(error, host);
  if (untrusted !== undefined) return untrusted;
  if (
    /^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/.test(code) &&
    /broke off|premature|aborted|^nothing came/i.test(message)
  )
    return `The connection to ${where} broke off in the middle of an answer, several times.`;
  return `The connection to ${where} failed: ${message}.`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The host that was asked: an error of the network carries its request. */
function hostOf(error: unknown, loginServer: string): string {
  const request: unknown = error instanceof Error && 'request' in error ? error.request : undefined;
  const url = isMapping(request) ? request['url'] : undefined;
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : loginServer;
}
