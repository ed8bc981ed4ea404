import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import {
  httpSender,
  type HttpAnswer,
  type HttpRequest,
  type NetworkContext,
  secondsToWait,
  Tunnel,
} from '../network/index.ts';
import type { TaskContext } from '../task/context.ts';
import { explainConnection, hostOf } from './errors.ts';
import type { OpenCluster } from './open-cluster.ts';
import { Outage, type OutagePatience, usualOutage } from './outage.ts';
import { type Tokens, tokensOf } from './tokens.ts';

export type ClientContext = NetworkContext & Pick<TaskContext, 'exec' | 'maskSecret'>;

export interface ClientOptions {
  /** How long an API server that is gone or fails is waited for. */
  readonly outage?: OutagePatience;
  /** How long one try may hear nothing; half a minute if not given. In ms. */
  readonly silenceMs?: number;
  /** How long the exec entry's program may take; a minute if not given. In ms. */
  readonly tokenMs?: number;
  /** Whether a token that the API server refuses is renewed, once a request; true if not given. */
  readonly renewsRefused?: boolean;
  /** The clock by which tokens end, in ms. */
  readonly now?: () => number;
}

/** What ends one request, whatever its tries. */
export interface RequestLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** A request to the API server, which may have to be sent several times. */
export interface ApiRequest extends Pick<HttpRequest, 'method' | 'headers' | 'body' | 'stream' | 'mostBytes'> {
  /** Path with its query, such as `/api/v1/namespaces/web/pods?limit=500`. */
  readonly path: string;
  /** Whether it does harm when it is done twice: then it is sent again only if the server did nothing. */
  readonly onlyOnce?: boolean;
  /** Whether it is a kubelet behind the API server that answers: what fails there (5xx) is no outage, and stays so. */
  readonly isHandedOn?: boolean;
  readonly limits?: RequestLimits | undefined;
}

/** A connection that died unnoticed is given up when nothing was heard for so long. */
const silenceMs = 30_000;
const endless = 2 ** 31 - 1;

/**
 * Requests to one API server with the certificate authority, the proxy and the identity of a kubeconfig; kubectl knows no
 * other. Redirects are not followed. What broke off, 429 and 5xx are tried again for a while; a token that is refused is
 * renewed once.
 */
export class ApiServer {
  readonly #cluster: OpenCluster;
  readonly #context: ClientContext;
  readonly #options: ClientOptions;
  readonly #agent: https.Agent;
  readonly #tokens: Tokens;
  #isAway = false;

  constructor(cluster: OpenCluster, context: ClientContext, options: ClientOptions) {
    this.#cluster = cluster;
    this.#context = context;
    this.#options = options;
    this.#agent = agentOf(cluster);
    this.#tokens = tokensOf(cluster, context, options);
  }

  /** Gets a token where one is needed, so that what is wrong with it shows now. */
  async signIn(): Promise<void> {
    await this.#tokens.token();
  }

  /** Ends all connections. */
  close(): void {
    this.#agent.destroy();
  }

  /**
   * Sends a request until it is answered.
   * @throws TaskError when no answer comes; the signals' reasons
   */
  async send(request: ApiRequest): Promise<HttpAnswer> {
    const { signal, timeoutMs } = request.limits ?? {};
    const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.max(Math.ceil(timeoutMs), 1));
    const signals = [this.#context.signal, signal, limit].filter((each) => each !== undefined);
    try {
      return await this.#untilAnswered(request, AbortSignal.any(signals));
    } catch (error) {
      this.#context.signal.throwIfAborted();
      signal?.throwIfAborted();
      throw explainConnection(error, this.#cluster, limit?.aborted ? (timeoutMs ?? 0) / 1000 : undefined);
    }
  }

  async #untilAnswered(request: ApiRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const outage = new Outage(this.#options.outage ?? usualOutage);
    let token = await unlessEnded(this.#tokens.token(), signal);
    for (let renewed = this.#options.renewsRefused === false; ;) {
      const tried = await this.#try(request, token, signal);
      if (tried.answer?.status === 401 && !renewed && this.#tokens.canRenew) {
        renewed = true;
        token = await unlessEnded(this.#tokens.renewed(token ?? ''), signal);
        continue;
      }
      const waitMs = isWorthAnother(tried, request) ? outage.nextPauseMs(askedMs(tried)) : undefined;
      this.#tell(troubleOf(tried, request));
      if (waitMs !== undefined) {
        await pause(waitMs, undefined, { signal });
        token = await unlessEnded(this.#tokens.token(), signal);
      } else if (tried.answer === undefined) throw tried.error;
      else return tried.answer;
    }
  }

  async #try(request: ApiRequest, token: string | undefined, signal: AbortSignal): Promise<Try> {
    const { method, path, headers, body, stream = false, mostBytes } = request;
    const firstMs = this.#options.silenceMs ?? silenceMs;
    // Its own tries, and what is told of them, are here.
    const quiet = { ...this.#context, log: { ...this.#context.log, info: () => undefined } };
    const send = httpSender(quiet, 'never', { firstMs, totalMs: endless }, () => this.#agent);
    const url = this.#cluster.access.server.replace(/\/+$/, '') + path;
    const all = { accept: 'application/json', ...headers, ...(token && { authorization: `Bearer ${token}` }) };
    try {
      const answer = await send({ method, url, headers: all, ...(body && { body }), stream, mostBytes, signal });
      return { answer };
    } catch (error) {
      if (signal.aborted) throw error;
      return { error };
    }
  }

  /** Says once that the API server is away, and once that it is back. */
  #tell(trouble: string | undefined): void {
    const isAway = trouble !== undefined;
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    const host = hostOf(this.#cluster);
    this.#context.log.info(
      isAway
        ? `The API server ${host} does not answer as it should (${trouble}).`
        : `The API server ${host} answers again.`,
    );
  }
}

/** How one try ended. */
type Try =
  { readonly answer: HttpAnswer; readonly error?: never } | { readonly error: unknown; readonly answer?: never };

/** By which a network says that it may work the next time; what is wrong with a certificate stays wrong. */
const broken =
  /^(?:ETIMEDOUT|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;

function troubleOf({ answer, error }: Try, { isHandedOn = false }: ApiRequest): string | undefined {
  if (answer !== undefined) {
    const hasFailed = answer.status >= 500 && !isHandedOn;
    return answer.status === 429 || hasFailed ? `HTTP ${answer.status}` : undefined;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return broken.test(code) ? code : undefined;
}

/** Whether the same request may be sent again. A server that was too busy (429) did nothing. */
function isWorthAnother(tried: Try, request: ApiRequest): boolean {
  if (troubleOf(tried, request) === undefined) return false;
  return request.onlyOnce !== true || tried.answer?.status === 429;
}

function askedMs({ answer }: Try): number {
  const seconds = answer === undefined ? 0 : secondsToWait(answer.headers);
  return Number.isNaN(seconds) ? 0 : Math.max(seconds * 1000, 0);
}

function agentOf({ access, proxyUrl }: OpenCluster): https.Agent {
  const { certificateAuthority: ca, tlsServerName: servername, user } = access;
  const { certificate } = user.kind === 'local' ? user : {};
  // Neither the agent's proxy settings nor its certificate authorities count here: kubectl will not know them.
  const name = servername === undefined ? {} : { servername };
  const identity = { ca, cert: certificate?.pem, key: certificate?.key, keepAlive: true, ...name };
  return proxyUrl === undefined ? new https.Agent(identity) : new Tunnel(proxyUrl, identity, { keepAlive: true });
}

/** Waits for work that others wait for, too, so that it goes on when one of them gives up. */
function unlessEnded<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
