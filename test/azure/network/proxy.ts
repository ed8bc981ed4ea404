import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { CertificateAuthority } from '../certificates/certificate-authority.ts';
import { Exchange } from './exchange.ts';
import type { Faults } from './faults.ts';
import type { Gates } from './gates.ts';
import type { Hosts } from './hosts.ts';
import { recordRequest, recordTunnel, type RecordedRequest } from './request-log.ts';

export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

interface Network {
  readonly hosts: Hosts;
  readonly authority: CertificateAuthority;
  readonly requests: RecordedRequest[];
  readonly faults: Faults;
  readonly gates: Gates;
  /** Demanded from every client if given. */
  readonly credentials?: ProxyCredentials | undefined;
  /** The host that answers requests sent to the proxy's own address, as a metadata endpoint on loopback. */
  readonly ownHost: string;
  /** In ms. */
  readonly roundTripMs: number;
}

/**
 * An HTTP proxy on loopback that ends TLS right here under the name that the client asked for and hands the request to
 * the host's handler. Plain http requests are served the same way. It opens connections only to hosts that were left to
 * a server of their own.
 */
export class Proxy {
  readonly #network: Network;
  readonly #server: Server;
  readonly #tlsServer: TlsServer;
  /** The open connections, and which host the client wants by them. */
  readonly #sockets = new Map<Duplex, string>();

  private constructor(network: Network) {
    this.#network = network;
    this.#server = createServer((request, response) => void this.#serveHttp(request, response));
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#openTunnel(request, socket, head);
    });
    this.#server.on('connection', (socket: Duplex) => this.#track(socket));
    this.#tlsServer = createTlsServer(
      {
        SNICallback: (name, done) =>
          done(null, (network.hosts.authorityOf(name) ?? network.authority).secureContext(name)),
        // Only API servers look at a client's certificate; whoever has none need not send one.
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => void this.#serveHttps(request, response),
    );
    this.#tlsServer.on('secureConnection', letWait);
    // Clients reuse idle connections; closing them after the usual 5 s would race with a client's next request.
    this.#server.keepAliveTimeout = 0;
    this.#tlsServer.keepAliveTimeout = 0;
  }

  static async start(network: Network): Promise<Proxy> {
    const proxy = new Proxy(network);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy is closed.');
    return address.port;
  }

  /** Ends every connection at once, whatever it is waiting for. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets.keys()) socket.destroy();
    await closed;
  }

  /** Makes a host one that cannot be reached, and cuts every connection to it; the returned function brings it back. */
  takeAway(host: string): () => void {
    const { gone } = this.#network.hosts;
    gone.add(host);
    for (const [socket, wanted] of this.#sockets) if (wanted === host) socket.destroy();
    return () => gone.delete(host);
  }

  #track(socket: Duplex): void {
    this.#sockets.set(socket, '');
    socket.on('close', () => this.#sockets.delete(socket));
    // Cut connections are part of the game; the side that still cares sees them by itself.
    socket.on('error', () => socket.destroy());
  }

  #openTunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const host = new URL(`https://${request.url ?? ''}`).hostname;
    if (!this.#isAdmitted(request)) return this.#refuse(request, socket, host, 407, authenticate);
    const port = this.#network.hosts.serverOf(host);
    const isThere = port !== undefined || this.#network.hosts.find(host) !== undefined;
    if (!isThere || this.#network.hosts.gone.has(host)) return this.#refuse(request, socket, host, 502);
    this.#sockets.set(socket, host);
    void this.#roundTrip().then(() => this.#connected(socket, head, port));
    if (port !== undefined) this.#network.requests.push(recordTunnel(request, host, 200));
  }

  #connected(socket: Duplex, head: Buffer, port: number | undefined): void {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    // One more for the handshake of TLS 1.3.
    if (port === undefined) return void this.#roundTrip().then(() => this.#tlsServer.emit('connection', socket));
    // Either side may cut the tunnel; the other one is told by its own end of it.
    pipeline(socket, connect(port, '127.0.0.1'), socket, () => {});
  }

  async #roundTrip(): Promise<void> {
    const { roundTripMs } = this.#network;
    if (roundTripMs > 0) await pause(roundTripMs);
  }

  #refuse(request: IncomingMessage, socket: Duplex, host: string, status: number, header = ''): void {
    this.#network.requests.push(recordTunnel(request, host, status));
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${header}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  }

  #isAdmitted(request: IncomingMessage): boolean {
    const { credentials } = this.#network;
    if (credentials === undefined) return true;
    const expected = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    return request.headers['proxy-authorization'] === `Basic ${expected}`;
  }

  #serveHttps(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = request.socket instanceof TLSSocket ? request.socket.servername : undefined;
    const host = typeof name === 'string' && name !== '' ? name : request.headers.host;
    return this.#serve(request, response, new URL(`https://${host ?? ''}${request.url ?? ''}`));
  }

  async #serveHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isForProxy = request.url?.startsWith('/') ?? false;
    if (!isForProxy && !this.#isAdmitted(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const url = new URL(request.url ?? '', `http://${this.#network.ownHost}`);
    await this.#serve(request, response, url);
  }

  async #serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const record = recordRequest(request, url);
    this.#network.requests.push(record);
    const exchange = new Exchange(request, response, url, record, this.#network.gates);
    try {
      await this.#roundTrip();
      const fault = this.#network.faults.strike(record);
      if (fault !== undefined && (await exchange.suffer(fault))) return;
      if (!(await exchange.enter())) return;
      const handler = this.#network.hosts.find(url.hostname);
      await (handler === undefined ? exchange.send(502, {}) : handler(exchange));
    } catch (error) {
      // A defect of the played host must be visible in the test's output, and the client must not hang.
      if (!request.socket.destroyed) console.error(error);
      exchange.cut();
    }
  }
}

/** More than an answer of any API server has, in bytes. */
const mostWaiting = 1024 * 1024;

/**
 * Lets more wait to be sent on a connection. While more waits than the usual 16 KiB, Node's server stops its parser, and takes
 * the rest of a request that comes then for a fault (HPE_PAUSED): a client that sent a large one as soon as it had a large
 * answer was cut off, on a busy machine. There is no option for it (createServer's highWaterMark is not for TLS).
 */
function letWait(socket: TLSSocket): void {
  const state: unknown = Reflect.get(socket, '_writableState');
  if (typeof state === 'object' && state !== null) Reflect.set(state, 'highWaterMark', mostWaiting);
}

const authenticate = 'Proxy-Authenticate: Basic realm="proxy"\r\n';
