import https from 'node:https';
import { type Fields, fieldsOf } from '../go/mapping.ts';
import { httpSender, type NetworkContext, Tunnel } from '../network/index.ts';
import type { ClusterAccess, LocalUser } from './read-kubeconfig.ts';

/** What came back: the API server's own answer, or that of something in between, such as a proxy. */
export interface ApiAnswer {
  readonly status: number;
  /** Undefined when it was not the API server that answered. */
  readonly body: Fields | undefined;
}

/** Posts an object to an address of the API server. */
export type PostObject = (
  path: string,
  object: { kind: string; apiVersion: string; spec?: unknown },
) => Promise<ApiAnswer>;

/** Somebody who calls the API server: a local account, or the holder of a token. */
export type Caller = Pick<LocalUser, 'certificate' | 'token'>;

/** Longer than any limit of a step, which is told in words of its own. */
const patient = { firstMs: 2 ** 31 - 1, totalMs: 2 ** 31 - 1 };

/**
 * Requests to one API server, by the step's own rules for answers, with the certificate authority, the proxy and the
 * identity of a kubeconfig. Broken connections are tried again, redirects are not followed; `limit` ends it all.
 */
export function apiServer(
  { server, certificateAuthority }: ClusterAccess,
  { certificate, token }: Caller,
  proxyUrl: string | undefined,
  context: NetworkContext,
  limit: AbortSignal,
): PostObject {
  const identity = { ca: certificateAuthority, cert: certificate?.pem, key: certificate?.key };
  const agent = proxyUrl === undefined ? new https.Agent(identity) : new Tunnel(proxyUrl, identity, {});
  const limited = { ...context, signal: AbortSignal.any([context.signal, limit]) };
  // Neither the agent's proxy settings nor its certificate authorities count here: kubectl will not know them.
  const send = httpSender(limited, 'if broken', patient, () => agent);
  return async (path, object) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const url = new URL(path, server).href;
    const { status, bytes } = await send({ method: 'POST', url, headers, body: JSON.stringify(object) });
    return { status, body: kubernetesObject(bytes.toString('utf8')) };
  };
}

/** Every answer of an API server, errors included, is an object with kind and apiVersion. */
function kubernetesObject(text: string): Fields | undefined {
  try {
    const fields = fieldsOf(JSON.parse(text), 'answer of the API server', 'answer');
    return typeof fields.values['kind'] === 'string' && typeof fields.values['apiVersion'] === 'string'
      ? fields
      : undefined;
  } catch {
    return undefined;
  }
}
