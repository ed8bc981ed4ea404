import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Exchange, Handler } from './exchange.ts';

/**
 * Answers as a server on a port of the loopback does, which is asked under the host's name.
 * @param authority signs its certificate, as PEM
 */
export function passOn(port: number, authority: string): Handler {
  const agent = new Agent({ keepAlive: true });
  return async (exchange) => {
    const user = bearerOf(exchange);
    if (user !== undefined) exchange.identify(user);
    const body = await exchange.bytes();
    const { url: path = '/', headers } = exchange.request;
    const to = { host: '127.0.0.1', port, path, servername: exchange.host, ca: authority, agent };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ ...to, method: exchange.method, headers: { ...headers, connection: 'keep-alive' } }, resolve);
      // A server cancels what it does for a client that went away.
      exchange.request.socket.once('close', () => sent.destroy());
      sent.once('error', reject).end(body);
    }).catch(() => undefined);
    if (answer === undefined) return exchange.cut();
    const { connection: _ours, 'transfer-encoding': _also, 'content-length': length, ...rest } = answer.headers;
    const size = length === undefined ? undefined : Number(length);
    await exchange.send(answer.statusCode ?? 0, rest, { stream: answer, length: size });
  };
}

/** Whom a token of Entra names; the server is who checks it. */
function bearerOf(exchange: Exchange): string | undefined {
  const [, payload] = (exchange.authorization('Bearer') ?? '').split('.');
  if (payload === undefined) return undefined;
  const { oid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { oid?: string };
  return oid;
}
