import { Readable } from 'node:stream';
import type { Exchange } from '../network/exchange.ts';
import type { Change, Fields, KubernetesObject, Objects, Selection } from './objects.ts';
import { formFor, selectionOf } from './reads.ts';
import { expired } from './refusal.ts';
import { apiVersionOf, type Address } from './resources.ts';
import { matchesFields, matchesLabels } from './selectors.ts';

/** Answers a watch: one line of JSON an event, until the client goes away or its time is over. */
export async function watch(exchange: Exchange, address: Address, objects: Objects): Promise<void> {
  const stream = new Readable({ read() {} });
  const [form, apiVersion] = [formFor(exchange), apiVersionOf(address.resource)];
  const send = (type: string, object: Fields): void => {
    stream.push(`${JSON.stringify({ type, object })}\n`);
  };
  const show = (object: KubernetesObject): Fields => form({ apiVersion, ...object });
  const selection = selectionOf(exchange, address);
  const tell = (change: Change): void => {
    const type = typeFor(change, selection);
    if (type !== undefined) send(type, show(change.object));
  };
  const { query } = exchange;
  const from = query.get('resourceVersion') ?? '';
  const wantsInitial = query.get('sendInitialEvents') === 'true';
  const startsNow = ['', '0'].includes(from);
  const missed = startsNow || wantsInitial ? [] : objects.changesSince(Number(from));
  if (missed === undefined) {
    send('ERROR', expired().status);
    stream.push(null);
  } else {
    if (startsNow || wantsInitial) for (const object of objects.list(selection)) send('ADDED', show(object));
    if (wantsInitial) send('BOOKMARK', bookmark(address, objects.version, form));
    for (const change of missed) tell(change);
    const stop = objects.onChange(tell);
    const limit = setTimeout(() => stream.push(null), Number(query.get('timeoutSeconds') ?? 3600) * 1000).unref();
    stream.once('close', () => {
      stop();
      clearTimeout(limit);
    });
  }
  await exchange.send(200, { 'Content-Type': 'application/json' }, { stream });
}

/** Says that the client has seen everything that there was. */
function bookmark({ resource }: Address, version: number, form: (object: KubernetesObject) => Fields): Fields {
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  const metadata = { name: '', resourceVersion: String(version), annotations };
  return form({ kind: resource.kind, apiVersion: apiVersionOf(resource), metadata });
}

/** What a change is to a watcher: one that begins or ceases to match comes or goes for it. */
function typeFor({ type, object, before }: Change, selection: Selection): Change['type'] | undefined {
  const [is, was] = [isIn(object, selection), before !== undefined && isIn(before, selection)];
  if (type === 'DELETED' || (!is && was)) return was ? 'DELETED' : undefined;
  if (!is) return undefined;
  return was ? 'MODIFIED' : 'ADDED';
}

function isIn(object: KubernetesObject, { kind, namespace, labels, fields }: Selection): boolean {
  return (
    object.kind === kind &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matchesLabels(object, labels) &&
    matchesFields(object, fields)
  );
}
