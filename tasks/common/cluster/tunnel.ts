import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import type { TaskContext } from '../task/context.ts';
import { messageOf } from '../task/outcome.ts';
import { printable, shortened } from '../text/shown.ts';
import type { ClusterAccess } from './read-kubeconfig.ts';
import { connected, type ConnectPatience, proxyOnTheWay, type Way } from './way-to-server.ts';

/** A way to one API server that can be cut off. */
export interface ApiTunnel {
  /** For `proxy-url` of a kubeconfig; holds a secret, which is known as such. */
  readonly proxyUrl: string;
  /** Cuts everything off at once, what the system has not sent yet included. */
  close(): void;
  /** How many connections to the API server could not be made, broke, or were ended by it. */
  readonly troubles: number;
}

/** Not its signal: a helm that is asked to stop, because the run was cancelled, writes down how its release ended. */
type TunnelContext = Pick<TaskContext, 'log' | 'maskSecret'>;

/** Go's clients wait a minute for the answer to CONNECT (net/http), so they live through a short outage. */
const usualPatience: ConnectPatience = { totalMs: 30_000, tryMs: 10_000, pauseMs: 200 };

/**
 * Heads of requests, in bytes and ms, and how many connections there may be at once. helm opens one or two for each object
 * of a release and keeps them, since clients with a proxy of their own share none (client-go, transport/cache.go).
 */
const [mostBytes, headMs, mostConnections] = [8192, 10_000, 2048];

/**
 * A CONNECT proxy on loopback that leads to one API server and nowhere else, directly or through the cluster's own proxy,
 * for those who know its secret. It dies with this process, and an orphaned helm has no other way to the cluster.
 *
 * `mayPass` is asked before every piece of bytes that goes to the server, at the instant it is sent (guarded-socket.ts).
 * Once it says no, all is cut for good. What the system has taken by then may still arrive; close() throws that away, too,
 * so call it as soon as the right to write is lost.
 * @throws TaskError for a proxy that is neither http nor https
 */
export async function openTunnel(
  cluster: { readonly access: Pick<ClusterAccess, 'server'>; readonly proxyUrl: string | undefined },
  mayPass: () => boolean,
  context: TunnelContext,
  patience = usualPatience,
): Promise<ApiTunnel> {
  const { hostname, port } = new URL(cluster.access.server);
  const way = { target: `${hostname}:${port || '443'}`, proxy: proxyOnTheWay(cluster.proxyUrl) };
  const secret = randomBytes(32).toString('hex');
  const gate = new Gate(way, secret, mayPass, patience, context);
  const server = createServer({ maxHeaderSize: mostBytes, headersTimeout: headMs, requestTimeout: headMs });
  server.maxConnections = mostConnections;
  server.on('connection', (socket: Duplex) => gate.keep(socket));
  server.on('request', (_request, response) => response.writeHead(405, { connection: 'close' }).end());
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => gate.admit(request, client, head));
  gate.closed.addEventListener('abort', () => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The tunnel has no port.');
  const user = `helm:${secret}`;
  [secret, user].forEach((text) => context.maskSecret(text));
  return {
    proxyUrl: `http://${user}@127.0.0.1:${address.port}`,
    close: () => gate.close(),
    get troubles() {
      return gate.troubles;
    },
  };
}

/** Who may go through, and the connections of those who did. */
class Gate {
  troubles = 0;
  readonly #way: Way;
  readonly #proof: Buffer;
  readonly #mayPass: () => boolean;
  readonly #patience: ConnectPatience;
  readonly #context: TunnelContext;
  readonly #streams = new Set<Duplex>();
  readonly #closing = new AbortController();

  constructor(way: Way, secret: string, mayPass: () => boolean, patience: ConnectPatience, context: TunnelContext) {
    this.#way = way;
    this.#proof = Buffer.from(`Basic ${Buffer.from(`helm:${secret}`).toString('base64')}`);
    this.#patience = patience;
    this.#context = context;
    this.#mayPass = () => {
      if (!this.closed.aborted && !mayPass()) this.close();
      return !this.closed.aborted;
    };
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort();
    for (const stream of this.#streams) stream.destroy();
  }

  /** Remembers a stream, to destroy it at the end. Its errors are told by what stops with it. */
  keep(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('error', () => undefined);
    stream.once('close', () => this.#streams.delete(stream));
    if (this.closed.aborted) stream.destroy();
  }

  admit({ url, headers }: IncomingMessage, client: Duplex, head: Buffer): void {
    const proof = Buffer.from(headers['proxy-authorization'] ?? '');
    if (proof.length !== this.#proof.length || !timingSafeEqual(proof, this.#proof)) {
      refuse(client, '407 The secret of this tunnel is missing');
    } else if (url?.toLowerCase() !== this.#way.target) {
      refuse(client, '403 This tunnel leads to one API server alone');
    } else {
      void this.#lead(client, head);
    }
  }

  async #lead(client: Duplex, head: Buffer): Promise<void> {
    const gone = new AbortController();
    client.once('close', () => gone.abort());
    if (head.length > 0) client.unshift(head);
    try {
      if (!this.#mayPass()) return;
      const signal = AbortSignal.any([gone.signal, this.closed]);
      const server = await connected(this.#way, this.#mayPass, this.#patience, signal);
      this.keep(server);
      this.#join(client, server);
    } catch (error) {
      if (gone.signal.aborted || this.closed.aborted) return;
      const reason = shortened(messageOf(error), 200);
      this.#count(`could not be made: ${reason}`);
      // Go shows the words behind the status as its error, and nothing else.
      refuse(client, `502 The API server cannot be reached (${printable(reason).replaceAll(/[^ -~]/g, '?')})`);
    }
  }

  #join(client: Duplex, server: Duplex): void {
    let isTold = false;
    const tell = (what: string): void => {
      if (!isTold && !client.destroyed && !this.closed.aborted) this.#count(what);
      isTold = true;
    };
    server.prependOnceListener('error', (error) => tell(`broke: ${shortened(messageOf(error), 200)}`));
    server.once('end', () => void (client.readableEnded || tell('was ended by the API server')));
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    pipeline(client, server, client, () => undefined);
  }

  #count(what: string): void {
    this.troubles += 1;
    this.#context.log.debug(`A connection of helm to the API server ${what}`);
  }
}

/** And lets go of it: whoever keeps his own side open would take a place of helm's for ever. */
function refuse(client: Duplex, status: string): void {
  const answer = `HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
  client.end(answer, () => client.destroy());
}
