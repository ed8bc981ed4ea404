import type { Exchange } from '../network/exchange.ts';
import type { Fields, KubernetesObject, Objects } from './objects.ts';
import { expired, notFound } from './refusal.ts';
import { apiVersionOf, builtIn, type Address } from './resources.ts';

/** The object at an address. Throws a Refusal (404). */
export function found({ resource, namespace, name = '' }: Address, objects: Objects): KubernetesObject {
  const where = { kind: resource.kind, namespace: resource.namespaced ? namespace : undefined };
  const object = objects.find(where, name);
  if (object === undefined) throw notFound(resource, name);
  return { apiVersion: apiVersionOf(resource), ...object };
}

/** The answer to a GET: one object or a list of them, as the client wants to have it. Throws a Refusal. */
export function read(exchange: Exchange, address: Address, objects: Objects): Fields {
  const form = formFor(exchange);
  return address.name === undefined ? list(exchange, address, objects, form) : form(found(address, objects));
}

/** How an object looks in answers to this client: whole, or without anything but its metadata. */
export function formFor(exchange: Exchange): (object: KubernetesObject) => Fields {
  const wantsMetadata = exchange.header('accept')?.includes('as=PartialObjectMetadata') ?? false;
  if (!wantsMetadata) return (object) => object;
  return ({ metadata }) => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });
}

/** Which objects a list or a watch at an address is about. */
export function selectionOf({ query }: Exchange, { resource, namespace }: Address) {
  const [labels, fields] = [query.get('labelSelector') ?? undefined, query.get('fieldSelector') ?? undefined];
  return { kind: resource.kind, namespace, labels, fields };
}

function list(
  exchange: Exchange,
  address: Address,
  objects: Objects,
  form: (object: KubernetesObject) => Fields,
): Fields {
  const apiVersion = apiVersionOf(address.resource);
  const { version, items, next } = page(exchange, objects.list(selectionOf(exchange, address)), objects);
  const isBuiltIn = builtIn.includes(address.resource);
  const listed = items.map((object) => {
    const shown = form({ apiVersion, ...object });
    if (!isBuiltIn || shown['kind'] === 'PartialObjectMetadata') return shown;
    // The kind of the list says it; items of custom kinds say it themselves.
    const { kind: _, apiVersion: __, ...item } = shown;
    return item;
  });
  const metadata = { resourceVersion: String(version), ...next };
  if (listed.some((item) => item['kind'] === 'PartialObjectMetadata')) {
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: listed };
  }
  return { kind: `${address.resource.kind}List`, apiVersion, metadata, items: listed };
}

/** As much as `limit` and `continue` ask for. What was deleted since the first page is missing in the later ones. */
function page({ query }: Exchange, all: readonly KubernetesObject[], objects: Objects) {
  const token = query.get('continue') ?? '';
  const limit = Number(query.get('limit') ?? 0) || all.length;
  const state = token === '' ? { version: objects.version, after: '' } : stateIn(token);
  if (objects.changesSince(state.version) === undefined) throw expired();
  const left = all.filter((object) => placeOf(object) > state.after);
  const items = left.slice(0, limit);
  const last = items.at(-1);
  const rest = left.length - items.length;
  const next =
    last === undefined || rest === 0
      ? {}
      : { continue: tokenOf({ ...state, after: placeOf(last) }), remainingItemCount: rest };
  return { version: state.version, items, next };
}

interface PageState {
  readonly version: number;
  readonly after: string;
}

function placeOf({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}

const tokenOf = (state: PageState): string => Buffer.from(JSON.stringify(state)).toString('base64url');
const stateIn = (token: string): PageState => JSON.parse(Buffer.from(token, 'base64url').toString()) as PageState;
