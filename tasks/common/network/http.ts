import { Readable } from 'node:stream';
import {
  createDefaultHttpClient,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from '@azure/core-rest-pipeline';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { agentChooser, type AgentChooser } from './agents.ts';
import { answerWithin, readWhole, watchBody, watchRetryAfter } from './answers.ts';
import { Patience, type Silence, SilentHost, silentHosts, usualSilence } from './patience.ts';

/** What of the task's context the network code needs. */
export type NetworkContext = Pick<TaskContext, 'network' | 'log' | 'signal'>;

/** Options that every Azure SDK client of a step is made with. */
export interface ClientOptions {
  readonly additionalPolicies: { policy: PipelinePolicy; position: 'perCall' | 'perRetry' }[];
  readonly retryOptions: { maxRetries: number; retryDelayInMs: number; maxRetryDelayInMs: number };
  readonly userAgentOptions: { userAgentPrefix: string };
}

/** What all pipelines have in common. */
export const commonOptions = {
  retryOptions: { maxRetries: 3, retryDelayInMs: 800, maxRetryDelayInMs: 10_000 },
  userAgentOptions: { userAgentPrefix: 'helm-delivery-for-aks' },
};

/**
 * The agent's proxy and certificates, retries (429, 5xx, broken connections) with waits of 0.8 to 10 s, and a time
 * limit for each request with all its tries.
 */
export function clientOptions(context: NetworkContext, silence: Silence = usualSilence): ClientOptions {
  return {
    additionalPolicies: [
      { policy: cancellationPolicy(context), position: 'perCall' },
      { policy: readableAnswers, position: 'perRetry' },
      { policy: connectionPolicy(context, silence, agentChooser(context.network)), position: 'perRetry' },
    ],
    ...commonOptions,
  };
}

/** Sends through a pipeline with the step's cancelling and connections, or those of `agentFor`. */
export function senderOf(
  pipeline: Pipeline,
  context: NetworkContext,
  silence: Silence = usualSilence,
  agentFor: AgentChooser = agentChooser(context.network),
): (request: PipelineRequest) => Promise<PipelineResponse> {
  pipeline.addPolicy(cancellationPolicy(context));
  pipeline.addPolicy(connectionPolicy(context, silence, agentFor), { afterPhase: 'Retry' });
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

/**
 * Lets the SDK's clients see no answer that they cannot read, since they put the whole of it into the message of their error:
 * the token too, which nobody knows to be a secret yet. They speak JSON alone; for web pages, which proxies send, there are
 * words of their own.
 */
const readableAnswers: PipelinePolicy = {
  name: 'readableAnswers',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status, bodyAsText: text, headers } = response;
    const isPage = /^text\/html\b/i.test(headers.get('content-type') ?? '');
    if (status >= 400 || isPage || !text || isJson(text)) return response;
    throw new TaskError(
      `${new URL(request.url).host} sent an answer that cannot be read (HTTP ${status}, ${text.length} characters that are ` +
        'no JSON): check that no proxy on the way changes it, and run the step again.',
    );
  },
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What an answer may have that is read whole: as much as registries accept for a manifest, the largest of them. */
const mostBytes = 4 * 1024 * 1024;
const wholeBodies = new WeakMap<PipelineResponse, Buffer>();

/** The bytes of an answer that was read whole; the SDK's response has a field for the text only. */
export function wholeBody(response: PipelineResponse): Buffer {
  return wholeBodies.get(response) ?? Buffer.alloc(0);
}

const limits = new WeakMap<PipelineRequest, number>();

/** Lets the answer to a request have so many bytes when it is read whole. */
export function allowBytes(request: PipelineRequest, most: number): void {
  limits.set(request, most);
}

/** The patience that is left for a request; its tries and redirects are the same object. */
const patiences = new WeakMap<PipelineRequest, Patience>();

/** Lets a request have no more patience than is left of others that do one thing with it. */
export function sharePatience(request: PipelineRequest, patience: Patience): void {
  patiences.set(request, patience);
}

/** Sees every single request, redirected ones too, since another host may need another way through the proxy. */
function connectionPolicy(context: NetworkContext, silence: Silence, agentFor: AgentChooser): PipelinePolicy {
  const silent = silentHosts(context.network);
  const answered = async (
    patience: Patience,
    request: PipelineRequest,
    next: SendRequest,
  ): Promise<PipelineResponse> => {
    const { host } = new URL(request.url);
    const known = silent.get(host);
    if (known !== undefined) throw known;
    try {
      const streamed = request.streamResponseStatusCodes ?? new Set();
      const response = await answerWithin(patience, request, next, context.signal);
      if (streamed.has(response.status) || streamed.has(Number.POSITIVE_INFINITY)) watchBody(response, patience);
      else await keepWhole(response, patience);
      return response;
    } catch (error) {
      if (error instanceof SilentHost) silent.set(host, error);
      throw error;
    }
  };
  return {
    name: 'connection',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      request.agent = await agentFor(url);
      // The SDK's client unpacks through a pipe that hears of no broken connection and closes none; so nothing is packed.
      request.headers.delete('accept-encoding');
      const patience = patiences.get(request) ?? new Patience(silence);
      patiences.set(request, patience);
      const response = await answered(patience, request, next);
      if (response.status === 407) throw proxyWantsSignIn(url.host);
      watchRetryAfter(response, patience, context.log);
      return response;
    },
  };
}

async function keepWhole(response: PipelineResponse, patience: Patience): Promise<void> {
  const { readableStreamBody: body, request } = response;
  const most = limits.get(request) ?? mostBytes;
  const bytes = body instanceof Readable ? await readWhole(body, most, request, patience) : Buffer.alloc(0);
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
