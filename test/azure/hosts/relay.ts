import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { Exchange, Handler } from '../network/exchange.ts';

/** Headers that are for one connection only. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection']);

/**
 * Plays a host by asking a server on a port of the loopback under the host's name, so that its requests are seen,
 * recorded and can be disturbed. Certificates of clients do not get through.
 * @param authority PEM of who signed the server's certificate
 */
export function relayTo(port: number, authority: string): Handler {
  const agent = new Agent({ keepAlive: true, ca: authority });
  return async (exchange) => {
    exchange.identify(subjectOf(exchange.authorization('Bearer') ?? ''));
    const body = await exchange.bytes();
    const { host, method, url } = exchange;
    const headers = kept(exchange.request.headers);
    const options = { host: '127.0.0.1', port, servername: host, agent, method, headers };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ ...options, path: `${url.pathname}${url.search}` }, resolve);
      sent.once('error', reject);
      const { socket } = exchange.request;
      const abandon = (): void => void sent.destroy();
      socket.once('close', abandon);
      sent.once('close', () => socket.off('close', abandon));
      sent.end(body);
    });
    await forward(exchange, answer);
  };
}

function forward(exchange: Exchange, answer: IncomingMessage): Promise<void> {
  const { 'content-length': given, ...headers } = answer.headers;
  const length = given === undefined ? undefined : Number(given);
  return exchange.send(answer.statusCode ?? 502, kept(headers), { stream: answer, length });
}

function kept(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)));
}

/** Whom Entra made a token out to; whether it did is the server's affair. */
function subjectOf(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { oid?: string };
    return claims.oid ?? '';
  } catch {
    return '';
  }
}
