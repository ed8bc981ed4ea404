import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Azure, Cluster, KubernetesObject } from '../azure/index.ts';

/** Works in a cluster, played or real, past the job: as its administrator `masterclient`, or as the bearer of a token. */
export class Administrator {
  readonly #azure: Azure;
  readonly #cluster: Cluster;
  readonly #token: string;

  constructor(azure: Azure, cluster: Cluster, token = cluster.admin.token) {
    this.#azure = azure;
    this.#cluster = cluster;
    this.#token = token;
  }

  /** The object at an address such as `/apis/apps/v1/namespaces/shop/deployments/web`; undefined if there is none. */
  async find(path: string): Promise<KubernetesObject | undefined> {
    const { status, body } = await this.#send('GET', path);
    return status === 404 ? undefined : (parsed('GET', path, status, body) as KubernetesObject);
  }

  /** The objects of a collection. @param path may have a query, such as `?labelSelector=owner=helm` */
  async list(path: string): Promise<KubernetesObject[]> {
    const { status, body } = await this.#send('GET', path);
    return (parsed('GET', path, status, body) as { items: KubernetesObject[] }).items;
  }

  async create(path: string, object: object): Promise<KubernetesObject> {
    const { status, body } = await this.#send('POST', path, object);
    return parsed('POST', path, status, body) as KubernetesObject;
  }

  /** Changes an object by a merge patch. */
  async patch(path: string, patch: object): Promise<KubernetesObject> {
    const { status, body } = await this.#send('PATCH', path, patch, 'application/merge-patch+json');
    return parsed('PATCH', path, status, body) as KubernetesObject;
  }

  async delete(path: string): Promise<void> {
    const { status, body } = await this.#send('DELETE', path);
    parsed('DELETE', path, status, body);
  }

  async #send(method: string, path: string, content?: object, type = 'application/json') {
    const { fqdn, authority } = this.#cluster;
    const agent = new HttpsProxyAgent(this.#azure.environment['HTTPS_PROXY'] ?? '');
    const headers = { Authorization: `Bearer ${this.#token}`, 'Content-Type': type };
    const options = { method, headers, agent, ca: authority.certificate };
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request(`https://${fqdn}${path}`, options);
      sent.once('error', reject);
      sent.once('response', (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      sent.end(content === undefined ? undefined : JSON.stringify(content));
    });
  }
}

function parsed(method: string, path: string, status: number, body: string): unknown {
  if (status < 200 || status > 299) throw new Error(`${method} ${path} ended with HTTP ${status}: ${body}`);
  return JSON.parse(body);
}
