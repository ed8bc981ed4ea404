import { Readable } from 'node:stream';
import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  defaultRetryPolicy,
  type HttpHeaders,
  retryPolicy,
  type RetryStrategy,
  userAgentPolicy,
} from '@azure/core-rest-pipeline';
import type { AgentChooser } from './agents.ts';
import { isBusy, secondsToWait } from './answers.ts';
import { allowBytes, commonOptions, type NetworkContext, senderOf, sharePatience, wholeBody } from './http.ts';
import { type Patience, type Silence, usualSilence } from './patience.ts';

/** A request of our own. It follows no redirect: what it carries is meant for one host. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Leaves the body of an answer with status 200 to be read as it comes. */
  readonly stream?: boolean;
  /** What an answer may have that is read whole, if more than usual. In bytes. */
  readonly mostBytes?: number | undefined;
  /** Ends this request alone, its body too. */
  readonly signal?: AbortSignal;
  /** Allows an address without https, as some Azure DevOps Servers have. */
  readonly allowHttp?: boolean;
  /** Shared by several requests that do one thing together; without it each has its own. */
  readonly patience?: Patience;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The whole body; empty where it is a stream. */
  readonly bytes: Buffer;
  readonly stream: Readable | undefined;
}

/**
 * Sends one request by the step's rules.
 * @throws RestError when no answer came or it broke off, also after retries; TaskError for what the rules refuse.
 */
export type Sender = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * Sends requests of our own with the same rules as the SDK clients.
 * @param again when a request is sent again: after a broken connection, 429 or 5xx; only where the server said that it
 * was too busy and when to come back; or never
 * @param agentFor chooses the connections, if not the agent's own settings do
 */
export function httpSender(
  context: NetworkContext,
  again: 'if broken' | 'if busy' | 'never' = 'if broken',
  silence: Silence = usualSilence,
  agentFor?: AgentChooser,
): Sender {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(userAgentPolicy(commonOptions.userAgentOptions));
  if (again === 'if broken') pipeline.addPolicy(defaultRetryPolicy(commonOptions.retryOptions), { phase: 'Retry' });
  if (again === 'if busy') pipeline.addPolicy(retryPolicy([whenBusy], commonOptions.retryOptions), { phase: 'Retry' });
  const send = senderOf(pipeline, context, silence, agentFor);
  return async ({ method, url, headers = {}, body, stream = false, allowHttp = false, ...rest }) => {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ ...headers }),
      allowInsecureConnection: allowHttp,
    });
    if (body !== undefined) request.body = body;
    if (rest.patience !== undefined) sharePatience(request, rest.patience);
    if (rest.mostBytes !== undefined) allowBytes(request, rest.mostBytes);
    if (rest.signal !== undefined) request.abortSignal = rest.signal;
    if (stream) request.streamResponseStatusCodes = new Set([200]);
    const response = await send(request);
    const given = response.readableStreamBody;
    return {
      status: response.status,
      headers: response.headers,
      bytes: wholeBody(response),
      stream: given instanceof Readable ? given : undefined,
    };
  };
}

/** A server that was too busy has done nothing yet, so whatever it was asked may be asked again. */
const whenBusy: RetryStrategy = {
  name: 'busy',
  retry({ response, retryCount }) {
    if (response === undefined || !isBusy(response)) return { skipStrategy: true };
    const wanted = secondsToWait(response.headers) * 1000;
    const usual = commonOptions.retryOptions.retryDelayInMs * 2 ** retryCount;
    return { retryAfterInMs: wanted >= 0 ? wanted : usual };
  },
};

/**
 * Opens a connection that is needed soon, while other requests are under way: the tunnel through a proxy and the TLS
 * handshake take two round trips. It is a GET whose answer does not matter, since what opens connections is the inside of
 * Node's agent; whatever goes wrong shows where the connection is needed.
 * @param url an address of the host that anybody may ask
 */
export function connectAhead(url: string, context: NetworkContext): void {
  const quiet = { ...context, log: { ...context.log, info: () => undefined } };
  void httpSender(quiet, 'never')({ method: 'GET', url }).catch(() => undefined);
}
