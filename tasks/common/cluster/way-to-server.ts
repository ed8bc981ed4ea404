import http from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { unescape } from 'node:querystring';
import { connect as connectTls } from 'node:tls';
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { Cut, GuardedSocket } from './guarded-socket.ts';

/** How long is waited for a server that cannot be reached, in ms. */
export interface ConnectPatience {
  /** In all tries for one connection. */
  readonly totalMs: number;
  /** In one of them. */
  readonly tryMs: number;
  /** Between the first and the second try; then twice as long each time, up to ten times as long. */
  readonly pauseMs: number;
}

/** Where a connection leads. */
export interface Way {
  /** Host (IPv6 in brackets) and port, as CONNECT requests name them. */
  readonly target: string;
  /** Of http or https, with user and password where it wants them. */
  readonly proxy: URL | undefined;
}

/** Somebody on the way says no: asking again is of no use. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** @throws TaskError for a proxy of another kind */
export function proxyOnTheWay(proxyUrl: string | undefined): URL | undefined {
  if (proxyUrl === undefined) return undefined;
  const proxy = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new TaskError(
    `The proxy on the way to the API server has the scheme ${visible(proxyUrl.split(':')[0] ?? '')}; only http and https ` +
      'proxies are supported: give proxy-url of the kubeconfig such an address.',
  );
}

/**
 * A connection that leads to the target. Tried again while it cannot be had.
 * @throws Error in one line: why not; Cut; the signal's reason
 */
export async function connected(
  way: Way,
  mayPass: () => boolean,
  patience: ConnectPatience,
  signal: AbortSignal,
): Promise<Duplex> {
  const end = performance.now() + patience.totalMs;
  for (let pauseMs = patience.pauseMs; ; pauseMs = Math.min(pauseMs * 2, patience.pauseMs * 10)) {
    try {
      return await connectedOnce(way, mayPass, patience.tryMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isMeant(error) || performance.now() + pauseMs >= end) throw error;
    }
    await pause(pauseMs, undefined, { signal });
  }
}

/** A certificate that is not known stays so, like a refusal. */
function isMeant(error: unknown): boolean {
  if (error instanceof Refused || error instanceof Cut) return true;
  return error instanceof Error && 'code' in error && /CERT|SIGNATURE|ALTNAME/.test(String(error.code));
}

async function connectedOnce(
  { target, proxy }: Way,
  mayPass: () => boolean,
  limitMs: number,
  signal: AbortSignal,
): Promise<Duplex> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    const address = proxy ?? new URL(`https://${target}`);
    const guarded = new GuardedSocket(await opened(address, either), mayPass);
    if (proxy === undefined) return guarded;
    return await throughProxy(proxy.protocol === 'https:' ? secured(guarded, proxy) : guarded, proxy, target, either);
  } finally {
    clearTimeout(timer);
  }
}

function opened({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect({
    host: bare(hostname),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    allowHalfOpen: true,
    noDelay: true,
  });
  return until(socket, signal, (resolve) => socket.once('connect', () => resolve(socket)));
}

/** What is sent is encrypted before it meets the guard. */
function secured(guarded: GuardedSocket, { hostname }: URL): Duplex {
  const host = bare(hostname);
  return connectTls({ socket: guarded, host, ...(isIP(host) === 0 && { servername: host }) });
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function throughProxy(toProxy: Duplex, proxy: URL, target: string, signal: AbortSignal): Promise<Duplex> {
  const user = unescape(`${proxy.username}:${proxy.password}`);
  const request = http.request({
    method: 'CONNECT',
    path: target,
    headers: {
      host: target,
      connection: 'keep-alive',
      ...(user !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
    },
    createConnection: () => toProxy,
  });
  return until(toProxy, signal, (resolve, reject) => {
    request.once('error', reject);
    request.once('connect', ({ statusCode = 0 }, _socket, head) => {
      // A gateway that reaches nobody may reach somebody later; all else is meant.
      const said = `HTTP ${statusCode} of the proxy ${proxy.host}`;
      if (statusCode !== 200) return reject(statusCode >= 500 ? new Error(said) : new Refused(said));
      if (head.length > 0) toProxy.unshift(head);
      resolve(toProxy);
    });
    request.end();
  });
}

/** What becomes of a stream; it is destroyed if that is nothing good. */
function until<Result>(
  stream: Duplex,
  signal: AbortSignal,
  begin: (resolve: (result: Result) => void, reject: (error: Error) => void) => void,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const stop = (): void => fail(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    const closed = (): void => fail(new Error('the connection was closed'));
    const rest = (): void => {
      signal.removeEventListener('abort', stop);
      stream.off('error', fail).off('close', closed);
    };
    const fail = (error: Error): void => {
      rest();
      // Nobody listens any more to what it may still say.
      stream.on('error', () => undefined).destroy();
      reject(error);
    };
    signal.addEventListener('abort', stop);
    stream.once('error', fail).once('close', closed);
    begin((result) => {
      rest();
      resolve(result);
    }, fail);
  });
}
