import { EventEmitter, on, once } from 'node:events';
import { ApiRefusal, type ObjectPage, type Selection, type WatchEvent } from '../../../tasks/common/cluster/client.ts';
import { answeredObject, type KubernetesObject, objectIn } from '../../../tasks/common/cluster/objects.ts';
import type { WatchClient } from '../../../tasks/common/watching/release-watch.ts';

/** A refusal as the client throws it. */
export const refused = (status: number, said = 'no'): ApiRefusal =>
  new ApiRefusal(`The API server refused (HTTP ${status}): ${said}`, { status, reason: '', said });

interface Change extends WatchEvent {
  readonly path: string;
  readonly version: number;
}

/** Objects by the paths of their lists, with versions, watches and refusals, as the client of an API server shows them. */
export class FakeCluster implements WatchClient {
  /** What was asked for, such as `list pods` and `watch pods`. */
  readonly asked: string[] = [];
  /** When lists say that they were answered. */
  now = new Date('2026-11-27T10:00:00Z');
  readonly #objects = new Map<string, Map<string, KubernetesObject>>();
  readonly #changes: Change[] = [];
  readonly #bell = new EventEmitter().setMaxListeners(0);
  readonly #refusals = new Map<string, Error>();
  readonly #texts = new Map<string, string>();
  #version = 100;
  /** Changes up to here are forgotten. */
  #oldest = 0;

  /** Makes or changes an object of a list. */
  put(path: string, object: object): void {
    this.#version += 1;
    const made = objectIn(object);
    if (made === undefined) throw new Error('no object');
    const metadata = { ...made.metadata, resourceVersion: String(this.#version) };
    const whole = { ...made, metadata };
    const list = this.#objects.get(path) ?? new Map<string, KubernetesObject>();
    const name = metadata.name ?? '';
    this.#tell({ path, version: this.#version, type: list.has(name) ? 'MODIFIED' : 'ADDED', object: whole });
    this.#objects.set(path, list.set(name, whole));
  }

  remove(path: string, name: string): void {
    this.#version += 1;
    const object = this.#objects.get(path)?.get(name);
    this.#objects.get(path)?.delete(name);
    if (object !== undefined) this.#tell({ path, version: this.#version, type: 'DELETED', object });
  }

  /** Answers requests such as `list pods` with an error, until it is taken back with undefined. */
  refuse(request: string, error: Error | undefined): void {
    if (error === undefined) this.#refusals.delete(request);
    else this.#refusals.set(request, error);
  }

  prints(path: string, text: string): void {
    this.#texts.set(path, text);
  }

  /** Breaks all watches; when it forgets, none can go on from where it was. */
  breakWatches({ forgets = false } = {}): void {
    if (forgets) this.#oldest = this.#version + 1;
    this.#bell.emit('broken');
  }

  /** Resolves when this was asked, so often. */
  async wasAsked(request: string, times = 1): Promise<void> {
    while (this.asked.filter((each) => each === request).length < times) await once(this.#bell, 'asked');
  }

  async get(path: string): Promise<KubernetesObject | undefined> {
    this.#ask(`get ${path}`);
    return answeredObject(this.#texts.get(path) ?? '');
  }

  async text(path: string): Promise<string> {
    this.#ask(`text ${path}`);
    const text = this.#texts.get(path);
    if (text === undefined) throw refused(404);
    return text;
  }

  async *pages(path: string, selection: Selection = {}): AsyncGenerator<ObjectPage, void, undefined> {
    this.#ask(`list ${nameIn(path)}`);
    const all = this.#selected(path, selection);
    const pageSize = selection.pageSize ?? 100;
    const [resourceVersion, answeredAt] = [String(this.#version), this.now];
    for (let at = 0; at === 0 || at < all.length; at += pageSize) {
      yield { items: all.slice(at, at + pageSize), resourceVersion, size: 1, answeredAt };
    }
  }

  async *watch(
    path: string,
    { resourceVersion, ...selection }: Selection & { readonly resourceVersion: string },
    signal?: AbortSignal,
  ): AsyncGenerator<WatchEvent, void, undefined> {
    this.#ask(`watch ${nameIn(path)}`);
    let seen = Number(resourceVersion);
    if (seen < this.#oldest) {
      const object = { metadata: {}, kind: 'Status', apiVersion: 'v1', code: 410, message: 'too old resource version' };
      yield { type: 'ERROR', object };
      return;
    }
    const broken = new AbortController();
    this.#bell.once('broken', () => broken.abort());
    const signals = [broken.signal, ...(signal === undefined ? [] : [signal])];
    const changes = on(this.#bell, 'change', { signal: AbortSignal.any(signals) });
    try {
      for (;;) {
        for (const change of this.#changes.filter((each) => each.path === path && each.version > seen)) {
          seen = change.version;
          if (matches(change.object, selection)) yield { type: change.type, object: change.object };
        }
        await changes.next();
      }
    } catch {
      signal?.throwIfAborted();
    }
  }

  #selected(path: string, selection: Selection): KubernetesObject[] {
    return [...(this.#objects.get(path)?.values() ?? [])].filter((object) => matches(object, selection));
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    this.#bell.emit('change');
  }

  #ask(request: string): void {
    this.asked.push(request);
    this.#bell.emit('asked');
    const error = this.#refusals.get(request);
    if (error !== undefined) throw error;
  }
}

const nameIn = (path: string): string => path.split('/').at(-1) ?? '';

/** Only by name, and by one label: nothing else is asked for. */
function matches({ metadata }: KubernetesObject, { fieldSelector = '', labelSelector = '' }: Selection): boolean {
  const name = /^metadata\.name=(.*)$/.exec(fieldSelector)?.[1];
  const [label = '', value] = labelSelector.split('=');
  return (name === undefined || name === metadata.name) && (labelSelector === '' || metadata.labels?.[label] === value);
}
