import type { IncomingMessage } from 'node:http';

/** One request as it reached the loopback, for tests to assert on. */
export interface RecordedRequest {
  readonly host: string;
  readonly method: string;
  /** Decoded, if that can be done. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; authorization headers are reduced to their scheme. */
  readonly headers: Readonly<Record<string, string>>;
  /** The object id in the sender's token of Entra, else whom the API server of a cluster took the sender for. */
  user?: string;
  /** The fields of a form post, once the body was read. */
  form?: URLSearchParams;
  /** When it arrived, and when its answer was sent or its connection cut, in ms of `performance.now()`. */
  readonly begun: number;
  ended?: number;
  /** The status that was sent; 0 while unanswered, and for a connection that was cut instead. */
  status: number;
}

const secretHeaders = new Set(['authorization', 'proxy-authorization']);

/** Records a request for `url` with no answer yet. */
export function recordRequest(request: IncomingMessage, url: URL): RecordedRequest {
  const user = bearerOf(request);
  return {
    ...(user !== undefined && { user }),
    host: url.hostname,
    method: request.method ?? '',
    path: decoded(url.pathname),
    query: url.searchParams,
    headers: visibleHeaders(request),
    begun: performance.now(),
    status: 0,
  };
}

/** Records a tunnel that the proxy refused to open, or that it cannot look into. */
export function recordTunnel(request: IncomingMessage, host: string, status: number): RecordedRequest {
  const [method, headers] = [request.method ?? '', visibleHeaders(request)];
  const now = performance.now();
  return { host, method, path: '', query: new URLSearchParams(), headers, begun: now, ended: now, status };
}

/** What a token of Entra says, whether it is genuine or not. */
function bearerOf({ headers: { authorization = '' } }: IncomingMessage): string | undefined {
  const [, payload] = /^Bearer [^.]+\.([^.]+)\./i.exec(authorization) ?? [];
  if (payload === undefined) return undefined;
  try {
    const { oid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { oid?: string };
    return oid;
  } catch {
    return undefined;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function visibleHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => {
      const text = [value].flat().join(', ');
      return [name, secretHeaders.has(name) ? (text.split(' ')[0] ?? '') : text];
    }),
  );
}
