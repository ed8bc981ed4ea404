import https from 'node:https';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelinePolicy,
} from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type Fields, fieldsOf } from '../go/mapping.ts';
import { clientOptions, type NetworkContext } from '../network/index.ts';
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

/**
 * Requests to one API server, with the certificate authority, the proxy and the identity of a kubeconfig. Broken
 * connections are tried again; `limit` ends it all.
 */
export function apiServer(
  { server, certificateAuthority }: ClusterAccess,
  { certificate, token }: Caller,
  proxyUrl: string | undefined,
  context: NetworkContext,
  limit: AbortSignal,
): PostObject {
  const { retryOptions, userAgentOptions } = clientOptions(context);
  const pipeline = createPipelineFromOptions({ retryOptions: { ...retryOptions, maxRetries: 2 }, userAgentOptions });
  const agent = proxyUrl === undefined ? new https.Agent() : new HttpsProxyAgent(proxyUrl);
  pipeline.addPolicy(through(agent), { afterPhase: 'Retry' });
  const client = createDefaultHttpClient();
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  return async (path, object) => {
    const request = createPipelineRequest({
      url: new URL(path, server).href,
      method: 'POST',
      headers: createHttpHeaders({
        'content-type': 'application/json',
        accept: 'application/json',
        ...(authorization !== undefined && { authorization }),
      }),
      body: JSON.stringify(object),
      abortSignal: AbortSignal.any([context.signal, limit]),
      requestOverrides: { ca: certificateAuthority, cert: certificate?.pem, key: certificate?.key },
    });
    const { status, bodyAsText } = await pipeline.sendRequest(client, request);
    return { status, body: kubernetesObject(bodyAsText ?? '') };
  };
}

/** The environment's proxy is not what counts here, so the choice of the connection is made anew. */
function through(agent: https.Agent | HttpsProxyAgent<string>): PipelinePolicy {
  return {
    name: 'apiServerConnection',
    sendRequest(request, next) {
      request.agent = agent;
      return next(request);
    },
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
