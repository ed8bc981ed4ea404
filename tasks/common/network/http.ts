import { Readable } from 'node:stream';
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  defaultRetryPolicy,
  throttlingRetryPolicy,
  type HttpClient,
  type HttpHeaders,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  userAgentPolicy,
} from '@azure/core-rest-pipeline';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { agentChooser } from './agents.ts';
import { answerWithin, readWhole, watchBody, watchRetryAfter } from './answers.ts';

/** What of the task's context the network code needs. */
export type NetworkContext = Pick<TaskContext, 'network' | 'log' | 'signal'>;

/** Options that every Azure SDK client of a step is made with. */
export interface ClientOptions {
  readonly additionalPolicies: { policy: PipelinePolicy; position: 'perCall' | 'perRetry' }[];
  readonly retryOptions: { maxRetries: number; retryDelayInMs: number; maxRetryDelayInMs: number };
  readonly userAgentOptions: { userAgentPrefix: string };
}

const answerLimitMs = 30_000;
/** For requests that carry more than these bytes, such as a piece of a blob. */
const uploadLimitMs = 300_000;
const smallBody = 64 * 1024;

/** What all pipelines have in common. */
export const commonOptions = {
  retryOptions: { maxRetries: 3, retryDelayInMs: 800, maxRetryDelayInMs: 10_000 },
  userAgentOptions: { userAgentPrefix: 'helm-delivery-for-aks' },
};

/**
 * The agent's proxy and certificates, retries (429, 5xx, broken connections) with waits of 0.8 to 10 s, and a time
 * limit for each request.
 */
export function clientOptions(context: NetworkContext): ClientOptions {
  return {
    additionalPolicies: [
      { policy: cancellationPolicy(context), position: 'perCall' },
      { policy: connectionPolicy(context, answerLimitMs), position: 'perRetry' },
    ],
    ...commonOptions,
  };
}

/** A request of our own. It follows no redirect: what it carries is meant for one host. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Leaves the body of an answer with status 200 to be read as it comes. */
  readonly stream?: boolean;
  /** Allows an address without https, as some Azure DevOps Servers have. */
  readonly allowHttp?: boolean;
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
 */
export function httpSender(context: NetworkContext, again: 'if broken' | 'if busy' | 'never' = 'if broken'): Sender {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(userAgentPolicy(commonOptions.userAgentOptions));
  if (again === 'if broken') pipeline.addPolicy(defaultRetryPolicy(commonOptions.retryOptions), { phase: 'Retry' });
  if (again === 'if busy') pipeline.addPolicy(throttlingRetryPolicy({ maxRetries: 1 }), { phase: 'Retry' });
  const send = senderOf(pipeline, context, answerLimitMs);
  return async ({ method, url, headers = {}, body, stream = false, allowHttp = false }) => {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ ...headers }),
      allowInsecureConnection: allowHttp,
    });
    if (body !== undefined) request.body = body;
    if (stream) request.streamResponseStatusCodes = new Set([200]);
    const response = await send(request);
    const given = response.readableStreamBody;
    return {
      status: response.status,
      headers: response.headers,
      bytes: wholeBodies.get(response) ?? Buffer.alloc(0),
      stream: given instanceof Readable ? given : undefined,
    };
  };
}

/** Sends through a pipeline with the step's cancelling and connections. @param answerMs time limit of one request */
export function senderOf(
  pipeline: Pipeline,
  context: NetworkContext,
  answerMs: number,
): (request: PipelineRequest) => Promise<PipelineResponse> {
  pipeline.addPolicy(cancellationPolicy(context));
  pipeline.addPolicy(connectionPolicy(context, answerMs), { afterPhase: 'Retry' });
  const client: HttpClient = createDefaultHttpClient();
  return (request) => pipeline.sendRequest(client, request);
}

function cancellationPolicy(context: NetworkContext): PipelinePolicy {
  return {
    name: 'cancellation',
    async sendRequest(request, next) {
      context.signal.throwIfAborted();
      const given = request.abortSignal;
      request.abortSignal = given instanceof AbortSignal ? AbortSignal.any([given, context.signal]) : context.signal;
      return next(request);
    },
  };
}

/** What an answer may have that is read whole: as much as registries accept for a manifest, the largest of them. */
const mostBytes = 4 * 1024 * 1024;
/** The bytes of such an answer, of which the SDK's response has a field for the text only. */
const wholeBodies = new WeakMap<PipelineResponse, Buffer>();

/** Sees every single request, redirected ones too, since another host may need another way through the proxy. */
function connectionPolicy(context: NetworkContext, answerMs: number): PipelinePolicy {
  const agentFor = agentChooser(context.network);
  return {
    name: 'connection',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      request.agent = await agentFor(url);
      // The SDK's client unpacks through a pipe that hears of no broken connection and closes none; so nothing is packed.
      request.headers.delete('accept-encoding');
      const isUpload = Buffer.isBuffer(request.body) && request.body.length > smallBody;
      const streamed = request.streamResponseStatusCodes ?? new Set();
      const response = await answerWithin(isUpload ? uploadLimitMs : answerMs, request, next, context.signal);
      if (streamed.has(response.status) || streamed.has(Number.POSITIVE_INFINITY)) watchBody(response);
      else await keepWhole(response, url.host);
      if (response.status === 407) throw proxyWantsSignIn(url.host);
      watchRetryAfter(response, url.host, context.log);
      return response;
    },
  };
}

async function keepWhole(response: PipelineResponse, host: string): Promise<void> {
  const body = response.readableStreamBody;
  const bytes = body instanceof Readable ? await readWhole(body, host, mostBytes, response.request) : Buffer.alloc(0);
  delete response.readableStreamBody;
  response.bodyAsText = bytes.toString('utf8');
  wholeBodies.set(response, bytes);
}

function proxyWantsSignIn(host: string): TaskError {
  return new TaskError(
    `The proxy wants a user and a password (HTTP 407 on the way to ${host}); ` +
      "give them to the agent (config --proxyusername and --proxypassword) or to the job's HTTPS_PROXY.",
  );
}
