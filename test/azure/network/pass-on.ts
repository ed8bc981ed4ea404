import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Handler } from './exchange.ts';

/**
 * Answers as a server on a port of the loopback does, which is asked under the host's name.
 * @param authority signs its certificate, as PEM
 */
export function passOn(port: number, authority: string): Handler {
  const agent = new Agent({ keepAlive: true });
  return async (exchange) => {
    const body = await exchange.bytes();
    const { url: path = '/', headers } = exchange.request;
    const to = { host: '127.0.0.1', port, path, servername: exchange.host, ca: authority, agent };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        { ...to, method: exchange.method, headers: { ...headers, connection: 'keep-alive' } },
        resolve,
      );
      // A server cancels what it does for a client that went away.
      const { socket } = exchange.request;
      const abandon = (): void => void sent.destroy();
      socket.once('close', abandon);
      sent.once('close', () => socket.off('close', abandon));
      sent.once('error', reject).end(body);
    }).catch(() => undefined);
    if (answer === undefined) return exchange.cut();
    const { connection: _ours, 'transfer-encoding': _also, 'content-length': length, ...rest } = answer.headers;
    const size = length === undefined ? undefined : Number(length);
    await exchange.send(answer.statusCode ?? 0, rest, { stream: answer, length: size });
  };
}
