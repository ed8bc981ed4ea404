import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openTunnel, type ApiTunnel } from '../../../tasks/common/cluster/tunnel.ts';

/** A server on loopback whose connections the test sees, one after the other. */
export class Listener {
  readonly sockets: Socket[] = [];
  readonly #server: Server;
  readonly #waiting: ((socket: Socket) => void)[] = [];
  #taken = 0;

  constructor() {
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      socket.on('error', () => undefined);
      this.sockets.push(socket);
      this.#serve();
    });
  }

  async start(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The next connection that comes, or has come. It is paused. */
  next(): Promise<Socket> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#serve();
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  #serve(): void {
    while (this.#taken < this.sockets.length) {
      const [take, socket] = [this.#waiting.shift(), this.sockets[this.#taken]];
      if (take === undefined || socket === undefined) return;
      this.#taken += 1;
      take(socket);
    }
  }
}

const tell = (): void => undefined;

/** A tunnel to 127.0.0.1:port, with what its step was told. */
export async function tunnelTo(
  port: number,
  options: { proxyUrl?: string; mayPass?: () => boolean; totalMs?: number } = {},
): Promise<ApiTunnel & { secrets: string[] }> {
  const secrets: string[] = [];
  const tunnel = await openTunnel(
    { access: { server: `https://127.0.0.1:${port}` }, proxyUrl: options.proxyUrl },
    options.mayPass ?? (() => true),
    {
      log: { info: tell, warning: tell, error: tell, debug: tell, progress: tell },
      maskSecret: (value) => secrets.push(value),
    },
    { totalMs: options.totalMs ?? 1, tryMs: 60_000, pauseMs: 10 },
  );
  return Object.defineProperties({ secrets }, Object.getOwnPropertyDescriptors(tunnel)) as typeof tunnel & {
    secrets: string[];
  };
}

/** Asks a proxy for a tunnel; `rest` follows the request in the same packet. */
export function ask(proxyUrl: string, target: string, rest: string | Buffer = ''): Socket {
  const { port, username, password } = new URL(proxyUrl);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  const proof =
    username === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}\r\n`;
  const head = Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${proof}\r\n`);
  socket.write(Buffer.concat([head, Buffer.from(rest)]));
  return socket;
}

/** Reads until the text ends with this. */
export async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = '';
  while (!text.endsWith(end)) {
    const piece: unknown = socket.read();
    if (piece instanceof Buffer) text += piece.toString('latin1');
    else if (socket.readableEnded || socket.destroyed) throw new Error(`It ended with: ${text}`);
    else await firstOf(socket, ['readable', 'end', 'close']);
  }
  return text;
}

export const established = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** All that comes until the other side ends or breaks off. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1'))).resume();
  await firstOf(socket, ['end', 'close']).catch(() => undefined);
  return text;
}

async function firstOf(socket: Socket, events: string[]): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race(events.map((event) => once(socket, event, { signal }))).finally(() => over.abort());
}
