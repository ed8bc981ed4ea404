import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Exchange } from '../network/exchange.ts';
import { userOf, type User } from './authentication.ts';
import { isAllowed, refusalText } from './authorization.ts';
import type { Cluster } from './cluster.ts';
import { resourcesOf } from './custom-resources.ts';
import { discovery } from './discovery.ts';
import { logOf } from './pod-logs.ts';
import { found, read } from './reads.ts';
import { Refusal } from './refusal.ts';
import { addressOf, type Address } from './resources.ts';
import { accessReview, selfReview } from './reviews.ts';
import { isScale, scaleOf } from './scale.ts';
import { watch } from './watch.ts';
import { objectIn } from './wire/request-body.ts';
import { Writes } from './writes.ts';

/** Plays the API server of one cluster: who is who, who may what, reading, watching and writing. */
export class ApiServer {
  readonly #cluster: Cluster;
  readonly #accessTokens: AccessTokens;
  readonly #writes: Writes;

  constructor(cluster: Cluster, accessTokens: AccessTokens) {
    this.#cluster = cluster;
    this.#accessTokens = accessTokens;
    this.#writes = new Writes(cluster.objects);
  }

  async handle(exchange: Exchange): Promise<void> {
    try {
      await this.#answer(exchange);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await exchange.json(error.code, error.status);
    }
  }

  async #answer(exchange: Exchange): Promise<void> {
    const user = userOf(exchange, this.#cluster, this.#accessTokens);
    if (user === undefined) throw new Refusal(401, 'Unauthorized', 'Unauthorized');
    exchange.identify(user.name);
    const known = resourcesOf(this.#cluster.objects);
    const description = exchange.method === 'GET' ? discovery(exchange.path, known) : undefined;
    if (description !== undefined) return exchange.json(200, description);
    const address = addressOf(exchange.path, known);
    if (address === undefined) throw new Refusal(404, 'NotFound', 'the server could not find the requested resource');
    if (address.resource.verbs.length === 1) return this.#review(exchange, user, address.resource.kind);
    const verb = verbOf(exchange, address);
    this.#authorize(user, address, verb);
    if (verb === 'watch') return watch(exchange, address, this.#cluster.objects);
    if (exchange.method === 'GET') return this.#read(exchange, address);
    await this.#writes.answer(exchange, address, verb);
  }

  async #review(exchange: Exchange, user: User, kind: string): Promise<void> {
    const review = await objectIn(exchange);
    const answer = kind === 'SelfSubjectReview' ? selfReview(user) : accessReview(review, user, this.#cluster);
    await exchange.json(201, answer);
  }

  #authorize(user: User, { resource, namespace, subresource }: Address, verb: string): void {
    const name = [resource.name, subresource].filter(Boolean).join('/');
    const action = { verb, group: resource.group, resource: name, namespace };
    if (isAllowed(user, action, this.#cluster)) return;
    throw new Refusal(403, 'Forbidden', refusalText(user, action));
  }

  async #read(exchange: Exchange, address: Address): Promise<void> {
    const { objects } = this.#cluster;
    if (address.subresource === 'log') {
      return exchange.send(200, { 'Content-Type': 'text/plain' }, logOf(found(address, objects), exchange.query));
    }
    if (isScale(address)) return exchange.json(200, scaleOf(found(address, objects)));
    await exchange.json(200, read(exchange, address, objects));
  }
}

function verbOf({ method, query }: Exchange, { name }: Address): string {
  const isOne = name !== undefined;
  if (method === 'GET') {
    if (!isOne && /^(true|1)$/.test(query.get('watch') ?? '')) return 'watch';
    return isOne ? 'get' : 'list';
  }
  const verbs: Readonly<Record<string, string | undefined>> = {
    POST: isOne ? undefined : 'create',
    PUT: isOne ? 'update' : undefined,
    PATCH: isOne ? 'patch' : undefined,
    DELETE: isOne ? 'delete' : 'deletecollection',
  };
  const verb = verbs[method];
  if (verb !== undefined) return verb;
  throw new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
