import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { agentChooser } from './agents.ts';
import { answerWithin, watchBody } from './time-limit.ts';

/** What of the task's context the network code needs. */
export type NetworkContext = Pick<TaskContext, 'network' | 'log' | 'signal'>;

/** Options that every Azure SDK client of a step is made with. */
export interface ClientOptions {
  readonly additionalPolicies: { policy: PipelinePolicy; position: 'perCall' | 'perRetry' }[];
  readonly retryOptions: { maxRetries: number; retryDelayInMs: number; maxRetryDelayInMs: number };
  readonly userAgentOptions: { userAgentPrefix: string };
}

/** Seconds that a server may ask us to wait before we rather give up. */
const longestWaitS = 120;
const answerLimitMs = 30_000;
/** For requests that carry a chunk of a blob. */
const uploadLimitMs = 300_000;

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

/** Sends one request by the step's rules. */
export type Sender = (request: PipelineRequest) => Promise<PipelineResponse>;

/** Sends requests of our own with the same rules as the SDK clients. */
export function httpSender(context: NetworkContext): Sender {
  return senderOf(createPipelineFromOptions(commonOptions), context, answerLimitMs);
}

/** Sends through a pipeline with the step's cancelling and connections. @param answerMs time limit of one request */
export function senderOf(pipeline: Pipeline, context: NetworkContext, answerMs: number): Sender {
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

/** Sees every single request, redirected ones too, since another host may need another way through the proxy. */
function connectionPolicy(context: NetworkContext, answerMs: number): PipelinePolicy {
  const agentFor = agentChooser(context.network);
  return {
    name: 'connection',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      request.agent = await agentFor(url);
      const hasBody = request.body !== undefined && request.body !== null;
      const limitMs = hasBody ? uploadLimitMs : answerMs;
      const response = await answerWithin(limitMs, request, next, context.signal);
      if (response.status === 407) {
        throw new TaskError(
          `The proxy wants a user and a password (HTTP 407 on the way to ${url.host}); ` +
            "give them to the agent (config --proxyusername and --proxypassword) or to the job's HTTPS_PROXY.",
        );
      }
      watchRetryAfter(response, url.host, context);
      watchBody(response);
      return response;
    },
  };
}

function watchRetryAfter(response: PipelineResponse, host: string, context: NetworkContext): void {
  if (response.status !== 429 && response.status !== 503) return;
  const seconds = secondsToWait(response.headers);
  if (seconds > longestWaitS) {
    throw new TaskError(
      `${host} is overloaded (HTTP ${response.status}) and asks to come back in ${Math.ceil(seconds)} s; ` +
        'run the step again later, or start fewer pipelines at once.',
    );
  }
  if (seconds >= 1) context.log.info(`${host} answers HTTP ${response.status}; waiting ${Math.ceil(seconds)} s.`);
}

/** In each form that the SDK's retries obey, and in their order. NaN when none is given. */
function secondsToWait(headers: PipelineResponse['headers']): number {
  const milliseconds = headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Number(milliseconds) / 1000;
  const given = headers.get('retry-after') ?? '';
  if (given !== '' && Number.isFinite(Number(given))) return Number(given);
  return (Date.parse(given) - Date.now()) / 1000;
}
