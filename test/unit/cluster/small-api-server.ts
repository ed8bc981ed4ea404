import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { KubernetesClient, type ClientOptions } from '../../../tasks/common/cluster/client.ts';
import type { OpenCluster } from '../../../tasks/common/cluster/open-cluster.ts';
import { CertificateAuthority } from '../../azure/certificates/certificate-authority.ts';
import { networkContext, type ToldContext } from '../network/network-context.ts';

/** A request as it came, with its body. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers the requests to a server one after the other; the last one answers all that follow. */
export type Answer = (response: ServerResponse, asked: Asked) => unknown;

const authority = new CertificateAuthority();

/** A TLS server of a test that answers as it is told, and remembers what it was asked. */
export class SmallApiServer {
  readonly asked: Asked[] = [];
  readonly #answers: Answer[] = [];
  readonly #server: https.Server;
  #port = 0;

  constructor() {
    const { certificate: cert, key } = authority.serverCredential('localhost');
    this.#server = https.createServer({ cert, key }, (request, response) => void this.#handle(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections; `start` brings it back at the same port. */
  stop(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    return stopped;
  }

  answers(...answers: readonly Answer[]): void {
    this.#answers.splice(0, Infinity, ...answers);
    this.asked.length = 0;
  }

  /** The cluster as a step has opened it: by default somebody with a token for good. */
  cluster(more: Partial<OpenCluster> = {}): OpenCluster {
    return {
      access: {
        cluster: 'web',
        userName: 'someone',
        server: `https://localhost:${this.#port}`,
        certificateAuthority: authority.certificate,
        user: { kind: 'local', certificate: undefined, token: 'of-somebody' },
      },
      exec: undefined,
      proxyUrl: undefined,
      context: 'web',
      namespace: undefined,
      tenantId: undefined,
      ...more,
    };
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
    this.asked.push(asked);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    await answer?.(response, asked);
  }
}

/** A JSON answer. */
export const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** A refusal as an API server writes it. */
export const refusal = (code: number, reason: string, message = reason, headers = {}): Answer =>
  json(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', metadata: {}, message, reason, code }, headers);

/** A connection that breaks instead of an answer. */
export const broken: Answer = (response) => response.destroy();

export const pod = (name: string, more: object = {}) => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name, namespace: 'web', resourceVersion: '7' },
  ...more,
});

/** No wait between tries. */
export const atOnce: ClientOptions = { outage: { firstPauseMs: 1, longestPauseMs: 1, totalMs: 60_000 } };

/** What a client needs of a step; its exec entry's program is played by `program`, which prints. */
export function clientContext(program: () => string = () => ''): ToldContext & {
  exec: () => Promise<{ stdout: string; stderr: string }>;
  maskSecret: (secret: string) => void;
  readonly secrets: string[];
} {
  const secrets: string[] = [];
  return {
    ...networkContext(),
    exec: async () => ({ stdout: program(), stderr: '' }),
    maskSecret: (secret) => void secrets.push(secret),
    secrets,
  };
}

/** A client of that server, which waits for nothing. */
export const clientOf = (server: SmallApiServer, context = clientContext(), options = atOnce): KubernetesClient =>
  new KubernetesClient(server.cluster(), context, options);
