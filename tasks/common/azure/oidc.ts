import { httpSender, type NetworkContext } from '../network/index.ts';
import type { JobIdentity } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { isMapping } from '../go/mapping.ts';

/**
 * Asks Azure DevOps for an OIDC token of a service connection. It lives about ten minutes, so it is asked for anew at
 * every use. The single-request form, as Azure's SDKs and kubelogin use it.
 * @throws TaskError when Azure DevOps does not issue one.
 */
export async function oidcToken(
  connectionId: string,
  context: NetworkContext & { readonly job: JobIdentity },
): Promise<string> {
  const url = new URL(context.job.oidcRequestUri());
  url.searchParams.set('api-version', '7.1');
  url.searchParams.set('serviceConnectionId', connectionId);
  const refused = `Azure DevOps (${url.host}) issued no OIDC token for the service connection ${connectionId}`;
  const headers = {
    authorization: `Bearer ${context.job.accessToken()}`,
    'content-type': 'application/json',
    'content-length': '0',
    // Without it an expired job token is answered by a redirect to the sign-in page.
    'x-tfs-fedauthredirect': 'Suppress',
  };
  const send = httpSender(context);
  const { status, bytes } = await send({ method: 'POST', url: url.href, headers }).catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw error instanceof TaskError ? error : new TaskError(`${refused}: ${messageOf(error)}.`);
  });
  const token = tokenIn(bytes.toString('utf8'));
  if (status === 200 && token !== undefined) return token;
  if (status >= 500) throw new TaskError(`${refused} (HTTP ${status}); run the step again later.`);
  throw new TaskError(
    `${refused} (HTTP ${status}): check that the connection exists, uses workload identity federation ` +
      'and that this pipeline may use it.',
  );
}

/** MSAL asks twice for each token it requests. */
const sameRequestMs = 2000;

/**
 * Assertions of a connection: both times that MSAL asks for the same token it gets the same one, the next time a fresh
 * one. The first is asked for at once, while the SDK is still being loaded.
 */
export function freshAssertions(
  connectionId: string,
  context: NetworkContext & Pick<TaskContext, 'job' | 'maskSecret'>,
): () => Promise<string> {
  const ask = (): Promise<string> => {
    const asked = oidcToken(connectionId, context);
    // Whoever waits for it is told; nobody may be waiting yet.
    asked.catch(() => undefined);
    return asked;
  };
  let current = ask();
  let used: number | undefined;
  return async () => {
    if (used !== undefined && Date.now() - used > sameRequestMs) {
      current = ask();
      used = undefined;
    }
    used ??= Date.now();
    const token = await current;
    context.maskSecret(token);
    return token;
  };
}

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const token = isMapping(answer) ? answer['oidcToken'] : '';
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}
