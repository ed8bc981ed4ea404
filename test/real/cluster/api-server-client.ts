import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Cluster } from '../../azure/index.ts';

/** Speaks to a cluster's API server as its administrator, past every proxy. */
export class ApiServerClient {
  readonly #cluster: Cluster;
  readonly #port: number;

  /** @param port of the loopback */
  constructor(cluster: Cluster, port: number) {
    this.#cluster = cluster;
    this.#port = port;
  }

  /** Gives what is at this address, unparsed. Throws when there is nothing. */
  get(path: string): Promise<string> {
    return this.#send('GET', path);
  }

  /** Creates an object in the collection at this address; gives what the API server made of it, unparsed. */
  create(path: string, object: unknown): Promise<string> {
    return this.#send('POST', path, JSON.stringify(object));
  }

  #send(method: string, path: string, content?: string): Promise<string> {
    const { authority, fqdn, admin } = this.#cluster;
    const address = { host: '127.0.0.1', port: this.#port, path, servername: fqdn, ca: authority.certificate };
    const headers = { Authorization: `Bearer ${admin.token}`, 'Content-Type': 'application/json' };
    return new Promise((resolve, reject) => {
      const sent = request({ ...address, method, headers });
      sent.once('response', (response) => {
        const { statusCode = 0 } = response;
        text(response).then((body) => {
          if (statusCode < 300) resolve(body);
          else reject(new Error(`${method} ${path} ended with HTTP ${statusCode}: ${body}`));
        }, reject);
      });
      sent.once('error', reject);
      sent.end(content);
    });
  }
}
