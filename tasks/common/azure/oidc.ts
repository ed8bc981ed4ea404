import { httpSender, type NetworkContext } from '../network/index.ts';
import type { JobIdentity } from '../task/connection.ts';
import { messageOf, TaskError } from '../task/outcome.ts';

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

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const token = answer !== null && typeof answer === 'object' && 'oidcToken' in answer ? answer.oidcToken : '';
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}
