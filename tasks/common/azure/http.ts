import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  RestError,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/errors.ts';
import { agentChooser } from './agents.ts';

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

/**
 * The agent's proxy and certificates, retries (429, 5xx, broken connections) with waits of 0.8 to 10 s, and a time
 * limit for each request.
 */
export function clientOptions(context: NetworkContext): ClientOptions {
  return {
    additionalPolicies: [
      { policy: cancellationPolicy(context), position: 'perCall' },
      { policy: connectionPolicy(context), position: 'perRetry' },
    ],
    retryOptions: { maxRetries: 3, retryDelayInMs: 800, maxRetryDelayInMs: 10_000 },
    userAgentOptions: { userAgentPrefix: 'helm-delivery-for-aks' },
  };
}

/** Sends requests of our own with the same rules as the SDK clients. */
export function httpSender(context: NetworkContext): (request: PipelineRequest) => Promise<PipelineResponse> {
  const options = clientOptions(context);
  const pipeline: Pipeline = createPipelineFromOptions(options);
  for (const { policy, position } of options.additionalPolicies) {
    pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Retry' } : {});
  }
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
function connectionPolicy(context: NetworkContext): PipelinePolicy {
  const agentFor = agentChooser(context.network);
  return {
    name: 'connection',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      request.agent = await agentFor(url);
      request.timeout = request.body === undefined || request.body === null ? answerLimitMs : uploadLimitMs;
      const response = await answer(request, next, url.host);
      if (response.status === 407) {
        throw new TaskError(
          `The proxy wants a user and a password (HTTP 407 on the way to ${url.host}); ` +
            "give them to the agent (config --proxyusername and --proxypassword) or to the job's HTTPS_PROXY.",
        );
      }
      watchRetryAfter(response, url.host, context);
      return response;
    },
  };
}

/** A request that got no answer in time counts as a broken connection, which is retried. */
async function answer(
  request: PipelineRequest,
  next: (request: PipelineRequest) => Promise<PipelineResponse>,
  host: string,
): Promise<PipelineResponse> {
  try {
    return await next(request);
  } catch (error) {
    if (request.abortSignal?.aborted || !(error instanceof Error) || error.name !== 'AbortError') throw error;
    const seconds = request.timeout / 1000;
    throw new RestError(`${host} did not answer within ${seconds} s`, { code: 'ETIMEDOUT', request });
  }
}

function watchRetryAfter(response: PipelineResponse, host: string, context: NetworkContext): void {
  if (response.status !== 429 && response.status !== 503) return;
  const given = response.headers.get('retry-after');
  if (given === undefined) return;
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  if (seconds > longestWaitS) {
    throw new TaskError(
      `${host} is overloaded (HTTP ${response.status}) and asks to come back in ${Math.ceil(seconds)} s; ` +
        'run the step again later, or start fewer pipelines at once.',
    );
  }
  if (seconds >= 1) context.log.info(`${host} answers HTTP ${response.status}; waiting ${Math.ceil(seconds)} s.`);
}
