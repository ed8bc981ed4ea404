import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Exchange } from '../network/exchange.ts';
import { userOf, type User } from './authentication.ts';
import { isAllowed, refusalText } from './authorization.ts';
import type { Cluster } from './cluster.ts';
import { discovery } from './discovery.ts';
import { addressOf, type Address } from './resources.ts';
import { accessReview, selfReview } from './reviews.ts';

/** Plays the API server of one cluster: who is who, who may what, and reading. */
export class ApiServer {
  readonly #cluster: Cluster;
  readonly #accessTokens: AccessTokens;

  constructor(cluster: Cluster, accessTokens: AccessTokens) {
    this.#cluster = cluster;
    this.#accessTokens = accessTokens;
  }

  async handle(exchange: Exchange): Promise<void> {
    const user = userOf(exchange, this.#cluster, this.#accessTokens);
    if (user === undefined) return refuse(exchange, 401, 'Unauthorized', 'Unauthorized');
    const description = exchange.method === 'GET' ? discovery(exchange.path) : undefined;
    if (description !== undefined) return exchange.json(200, description);
    const address = addressOf(exchange.path);
    if (address === undefined) return notFound(exchange);
    if (address.resource.verbs.includes('create')) return this.#review(exchange, user, address.resource.kind);
    if (exchange.method === 'GET') return this.#read(exchange, user, address);
    await refuse(exchange, 405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  }

  async #review(exchange: Exchange, user: User, kind: string): Promise<void> {
    const body = await exchange.bytes();
    if (kind === 'SelfSubjectReview') return exchange.json(201, selfReview(user));
    if (exchange.header('content-type')?.startsWith('application/json')) {
      return exchange.json(201, accessReview(body, user, this.#cluster));
    }
    await refuse(exchange, 415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
  }

  async #read(exchange: Exchange, user: User, address: Address): Promise<void> {
    const { resource, namespace, name } = address;
    const { group, version, kind } = resource;
    const action = { verb: name === undefined ? 'list' : 'get', group, resource: resource.name, namespace };
    if (!isAllowed(user, action, this.#cluster)) {
      return refuse(exchange, 403, 'Forbidden', refusalText(user, action));
    }
    const apiVersion = [group, version].filter(Boolean).join('/');
    const selection = { kind, namespace, labels: exchange.query.get('labelSelector') ?? undefined };
    const { objects } = this.#cluster;
    if (name === undefined) {
      const items = objects.list(selection).map((object) => ({ apiVersion, ...object }));
      return exchange.json(200, { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: '1' }, items });
    }
    const object = objects.find(selection, name);
    if (object === undefined) return notFound(exchange, `${resource.name} "${name}" not found`);
    await exchange.json(200, { apiVersion, ...object });
  }
}

function notFound(exchange: Exchange, text = 'the server could not find the requested resource'): Promise<void> {
  return refuse(exchange, 404, 'NotFound', text);
}

function refuse(exchange: Exchange, code: number, reason: string, message: string): Promise<void> {
  return exchange.json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
  });
}
