import { randomBytes, randomUUID } from 'node:crypto';
import type { Exchange } from '../network/exchange.ts';
import { canonical } from './canonical.ts';
import { checkNew, checkChange } from './checks.ts';
import { defaulted, defaultedChange } from './defaults.ts';
import { deleted, type DeleteOptions } from './deletion.ts';
import type { Fields, KubernetesObject, Metadata, Objects } from './objects.ts';
import { patched } from './patched.ts';
import { written, type Writer } from './patches/managed-fields.ts';
import { mergePatch } from './patches/merge-patch.ts';
import { applied } from './patches/server-side-apply.ts';
import { found, selectionOf } from './reads.ts';
import { alreadyExists, invalid, notFound, outdated, Refusal } from './refusal.ts';
import { apiVersionOf, type Address } from './resources.ts';
import { isScale, scaled, scaleOf } from './scale.ts';
import { mediaType, objectIn } from './wire/request-body.ts';

/** Answers what creates, changes and deletes objects. */
export class Writes {
  readonly #objects: Objects;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** Throws a Refusal. */
  async answer(exchange: Exchange, address: Address, verb: string): Promise<void> {
    const body = await objectIn(exchange);
    // From here on nothing waits, so that no other request comes between.
    if (verb === 'delete') return this.#delete(exchange, address, body);
    if (verb === 'deletecollection') return this.#deleteAll(exchange, address, body);
    const writer = writerOf(exchange, address);
    const isDry = exchange.query.has('dryRun');
    if (verb === 'create') return exchange.json(201, this.#create(address, body, writer, isDry));
    const live = this.#objects.find(where(address), address.name ?? '');
    if (mediaType(exchange) === 'application/apply-patch+yaml') {
      const isForced = exchange.query.get('force') === 'true';
      return this.#apply(exchange, address, body, writer, live, isForced);
    }
    if (live === undefined) throw notFound(address.resource, address.name ?? '');
    const isPatch = verb === 'patch';
    const target = isScale(address) ? scaleOf(live) : live;
    const next = isPatch ? patched(target, body, mediaType(exchange)) : (body as unknown as KubernetesObject);
    const stored = this.#replace(address, live, next, writer, isDry);
    await exchange.json(200, isScale(address) ? scaleOf(stored) : shown(stored, address));
  }

  #create(address: Address, body: Fields, writer: Writer, isDry: boolean): KubernetesObject {
    const { resource } = address;
    const given = (body['metadata'] ?? {}) as Partial<Metadata>;
    const name = given.name || (given.generateName ?? '') + (given.generateName ? suffix() : '');
    if (name === '') throw invalid(resource, '', 'metadata.name', 'Required value: name or generateName is required');
    this.#checkNamespace(address);
    if (this.#objects.find(where(address), name) !== undefined) throw alreadyExists(resource, name);
    const fresh = { uid: randomUUID(), creationTimestamp: new Date().toISOString().replace(/\.\d+/, '') };
    const place = resource.namespaced ? { namespace: address.namespace ?? 'default' } : {};
    const generation = body['spec'] === undefined ? {} : { generation: 1 };
    // As a merge with nothing it is without fields that are null.
    const { status: _, ...content } = mergePatch({}, body);
    const typed = { ...content, apiVersion: apiVersionOf(resource), kind: resource.kind };
    const object = { ...typed, metadata: { ...given, name, ...place, ...fresh, ...generation } } as KubernetesObject;
    const wished =
      writer.operation === 'Apply'
        ? applied({ ...object, metadata: object.metadata }, body, writer, true)
        : written(undefined, object, writer);
    const complete = defaulted(wished);
    checkNew(complete, resource);
    return shown(isDry ? complete : this.#objects.put(complete), address);
  }

  #apply(
    exchange: Exchange,
    address: Address,
    wish: Fields,
    writer: Writer,
    live: KubernetesObject | undefined,
    isForced: boolean,
  ): Promise<void> {
    const isDry = exchange.query.has('dryRun');
    if (live !== undefined) {
      const next = applied(live, wish, writer, isForced);
      return exchange.json(200, shown(this.#replace(address, live, next, undefined, isDry), address));
    }
    const named = { ...wish, metadata: { ...(wish['metadata'] as Fields), name: address.name } };
    return exchange.json(201, this.#create(address, named, writer, isDry));
  }

  /** @param writer undefined if the fields have their owners already */
  #replace(
    address: Address,
    live: KubernetesObject,
    given: KubernetesObject,
    writer: Writer | undefined,
    isDry: boolean,
  ): KubernetesObject {
    const { resource, name = '' } = address;
    const { resourceVersion, uid } = given.metadata;
    if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) throw outdated(resource, name);
    if (uid && uid !== live.metadata.uid) throw outdated(resource, name);
    const next = defaultedChange(live, changed(address, live, given));
    checkChange(live, next, resource);
    const owned = writer === undefined ? next : written(live, next, writer);
    if (sameContent(owned, live)) return live;
    const isNewSpec = canonical(owned['spec']) !== canonical(live['spec']);
    const { generation } = live.metadata;
    const counted = isNewSpec && generation !== undefined ? { generation: generation + 1 } : {};
    const object = { ...owned, metadata: { ...owned.metadata, ...counted } };
    if (isDry) return object;
    const isGone = object.metadata.deletionTimestamp !== undefined && !object.metadata.finalizers?.length;
    const stored = this.#objects.put(object);
    if (isGone && !['Pod', 'Namespace'].includes(object.kind)) this.#objects.remove(stored);
    return stored;
  }

  #checkNamespace({ resource, namespace = 'default' }: Address): void {
    if (!resource.namespaced) return;
    const holder = this.#objects.find({ kind: 'Namespace' }, namespace);
    if (holder === undefined) {
      const details = { name: namespace, kind: 'namespaces' };
      throw new Refusal(404, 'NotFound', `namespaces "${namespace}" not found`, details);
    }
    if (holder.metadata.deletionTimestamp === undefined) return;
    const text = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const causes = [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated` }];
    throw new Refusal(403, 'Forbidden', `${resource.name} is forbidden: ${text}`, { kind: resource.name, causes });
  }

  #delete(exchange: Exchange, address: Address, options: DeleteOptions): Promise<void> {
    const object = found(address, this.#objects);
    const { uid, resourceVersion } = options.preconditions ?? {};
    const isOther = uid !== undefined && uid !== object.metadata.uid;
    if (isOther || (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)) {
      throw outdated(address.resource, object.metadata.name);
    }
    const isDry = exchange.query.has('dryRun') || (options.dryRun?.length ?? 0) > 0;
    const left = isDry ? undefined : deleted(this.#objects, object, options, exchange.query.get('propagationPolicy'));
    if (left !== undefined) return exchange.json(200, left);
    const { resource } = address;
    const { name, uid: ofObject } = object.metadata;
    const details = { name, group: resource.group, kind: resource.name, uid: ofObject };
    return exchange.json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
  }

  #deleteAll(exchange: Exchange, address: Address, options: DeleteOptions): Promise<void> {
    const items = this.#objects.list(selectionOf(exchange, address));
    for (const object of items) deleted(this.#objects, object, options, exchange.query.get('propagationPolicy'));
    const kind = `${address.resource.kind}List`;
    return exchange.json(200, { kind, apiVersion: apiVersionOf(address.resource), metadata: {}, items });
  }
}

function where({ resource, namespace }: Address) {
  return { kind: resource.kind, namespace: resource.namespaced ? (namespace ?? 'default') : undefined };
}

function writerOf(exchange: Exchange, { resource, subresource }: Address): Writer {
  const agent = (exchange.header('user-agent') ?? 'unknown').split('/')[0] ?? 'unknown';
  return {
    manager: exchange.query.get('fieldManager') ?? agent,
    operation: mediaType(exchange) === 'application/apply-patch+yaml' ? 'Apply' : 'Update',
    apiVersion: apiVersionOf(resource),
    subresource,
  };
}

/** Only what this address may change is taken from what was given. */
function changed(address: Address, live: KubernetesObject, given: KubernetesObject): KubernetesObject {
  if (isScale(address)) return scaled(live, given);
  if (address.subresource === 'status') return { ...live, status: given['status'] };
  const { name, namespace, uid, creationTimestamp, generation, deletionTimestamp } = live.metadata;
  const fixed = Object.entries({ name, namespace, uid, creationTimestamp, generation, deletionTimestamp });
  const metadata = { ...given.metadata, ...Object.fromEntries(fixed.filter(([, value]) => value !== undefined)) };
  const typed = { apiVersion: live.apiVersion, kind: live.kind, metadata: metadata as Metadata };
  const { status: _, ...content } = given;
  const status = live['status'] === undefined ? {} : { status: live['status'] };
  return { ...content, ...typed, ...status } as KubernetesObject;
}

function sameContent(one: KubernetesObject, other: KubernetesObject): boolean {
  return contentOf(one) === contentOf(other);
}

/** All but its version and the times of its writers. */
function contentOf(object: KubernetesObject): string {
  const { resourceVersion: _, managedFields = [], ...metadata } = object.metadata;
  const owners = managedFields.map(({ time: __, ...entry }) => entry);
  return canonical({ ...object, metadata: { ...metadata, owners } });
}

function shown(object: KubernetesObject, { resource }: Address): KubernetesObject {
  return { apiVersion: apiVersionOf(resource), ...object };
}

function suffix(): string {
  return [...randomBytes(5)].map((byte) => 'bcdfghjklmnpqrstvwxz2456789'[byte % 27]).join('');
}
