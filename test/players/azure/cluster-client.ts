import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Azure, Cluster } from '../../azure/index.ts';
import { call, fieldsOf } from './loopback-client.ts';

/** Fields of an answer, as deep as tests look. */
export interface Seen {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly details?: { readonly causes?: readonly { readonly message: string; readonly field: string }[] };
  readonly items?: readonly Seen[];
}

export interface Asked {
  readonly status: number;
  readonly body: Seen;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: Seen;
}

const types = {
  json: 'application/json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  patch: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Asks the API server of a played cluster, as its administrator unless told otherwise. */
export class ClusterClient {
  readonly #azure: Azure;
  readonly #cluster: Cluster;
  readonly #token: string;

  constructor(azure: Azure, cluster: Cluster, token: string = cluster.admin.token) {
    this.#azure = azure;
    this.#cluster = cluster;
    this.#token = token;
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    type: keyof typeof types = 'json',
    more: Readonly<Record<string, string>> = {},
  ): Promise<Asked> {
    const content = body === undefined ? '' : JSON.stringify(body);
    // Node sends no length with a DELETE by itself.
    const about = { 'Content-Type': types[type], 'Content-Length': Buffer.byteLength(content) };
    const headers = { Authorization: `Bearer ${this.#token}`, ...about, ...more };
    const url = `https://${this.#cluster.fqdn}${path}`;
    const answer = await call(
      this.#azure,
      url,
      { method, headers, body: content },
      this.#cluster.authority.certificate,
    );
    return { status: answer.status, body: fieldsOf(answer) };
  }

  /** The text of a log, or the message of why there is none. */
  async readLog(path: string): Promise<string> {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const url = `https://${this.#cluster.fqdn}${path}`;
    const answer = await call(this.#azure, url, { headers }, this.#cluster.authority.certificate);
    return answer.status === 200 ? answer.body.toString() : String(fieldsOf(answer)['message']);
  }

  /** Watches a collection until the caller has seen enough. */
  async *watch(path: string): AsyncGenerator<WatchEvent> {
    const agent = new HttpsProxyAgent(this.#azure.proxyUrl);
    const headers = { Authorization: `Bearer ${this.#token}` };
    const sent = request(`https://${this.#cluster.fqdn}${path}`, {
      agent,
      headers,
      ca: this.#cluster.authority.certificate,
    });
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve).once('error', reject).end();
      });
      let text = '';
      for await (const chunk of response as AsyncIterable<Buffer>) {
        const lines = `${text}${chunk.toString()}`.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as WatchEvent;
      }
    } finally {
      sent.destroy();
    }
  }
}
