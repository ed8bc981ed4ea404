import { matchesFields, matchesLabels } from './selectors.ts';
import { Shelf } from './shelf.ts';

export type Fields = Record<string, unknown>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** What every object says of itself. */
export interface Metadata {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly Fields[];
}

/** An object of any kind; never changed once it is in the store. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

/** Which objects are asked for; all namespaces, labels and fields when absent. */
export interface Selection {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly labels?: string | undefined;
  readonly fields?: string | undefined;
}

/** Something that happened to an object. A deleted one is told as it last was, with the version of its deletion. */
export interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
  readonly before: KubernetesObject | undefined;
}

/** The objects in one cluster and what happened to them. Kinds are told apart by their name alone. */
export class Objects {
  readonly #all = new Map<string, KubernetesObject>();
  readonly #shelves = new Map<string, Shelf>();
  /** The keys of what an owner's uid has. */
  readonly #owned = new Map<string, Set<string>>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #changes: Change[] = [];
  #version = 1;
  #forgotten = 1;

  constructor() {
    for (const name of ['default', 'kube-system']) {
      const labels = { 'kubernetes.io/metadata.name': name };
      const spec = { finalizers: ['kubernetes'] };
      this.add({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, spec, status: { phase: 'Active' } });
    }
  }

  /** The version of the last change, which lists and watches start from. */
  get version(): number {
    return this.#version;
  }

  /** Puts objects in as they are, past every rule. */
  add(...objects: readonly KubernetesObject[]): void {
    for (const object of objects) this.put(object);
  }

  list({ kind, namespace, labels, fields }: Selection): KubernetesObject[] {
    const all = this.#shelves.get(kind)?.objects ?? [];
    return all.filter(
      (object) =>
        (namespace === undefined || object.metadata.namespace === namespace) &&
        (labels === undefined || matchesLabels(object, labels)) &&
        (fields === undefined || matchesFields(object, fields)),
    );
  }

  /** What names an object as one of its owners, by their names. */
  ownedBy({ metadata: { uid = '' } }: KubernetesObject): KubernetesObject[] {
    const keys = [...(this.#owned.get(uid) ?? [])].sort();
    return keys.flatMap((key) => this.#all.get(key) ?? []);
  }

  find({ kind, namespace }: Selection, name: string): KubernetesObject | undefined {
    return this.#all.get(keyOf({ kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }));
  }

  /** Every object of every kind. */
  get all(): KubernetesObject[] {
    return [...this.#all.values()];
  }

  /** Stores an object in the place of the one of its name, if there is one; gives it with its new version. */
  put(object: KubernetesObject): KubernetesObject {
    const before = this.#all.get(keyOf(object));
    const metadata = { ...object.metadata, resourceVersion: String((this.#version += 1)) };
    const stored: KubernetesObject = structuredClone({ ...object, metadata });
    this.#keep(stored, before);
    this.#tell({ version: this.#version, type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored, before });
    return stored;
  }

  remove(object: KubernetesObject): void {
    const before = this.#all.get(keyOf(object));
    if (before === undefined) return;
    this.#drop(before);
    const metadata = { ...before.metadata, resourceVersion: String((this.#version += 1)) };
    this.#tell({ version: this.#version, type: 'DELETED', object: { ...before, metadata }, before });
  }

  /** What happened after a version; undefined if that was forgotten. */
  changesSince(version: number): Change[] | undefined {
    if (version < this.#forgotten) return undefined;
    return this.#changes.filter((change) => change.version > version);
  }

  /** Forgets everything that happened so far, so that older versions have expired (HTTP 410). */
  forget(): void {
    this.#changes.length = 0;
    this.#forgotten = this.#version;
  }

  /** Tells of every change from now on, until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(object: KubernetesObject, before: KubernetesObject | undefined): void {
    if (before !== undefined) this.#disown(before);
    const key = keyOf(object);
    this.#all.set(key, object);
    const shelf = this.#shelves.get(object.kind) ?? new Shelf();
    this.#shelves.set(object.kind, shelf);
    shelf.put(key, object);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      this.#owned.set(uid, (this.#owned.get(uid) ?? new Set()).add(key));
    }
  }

  #drop(object: KubernetesObject): void {
    this.#all.delete(keyOf(object));
    this.#shelves.get(object.kind)?.remove(keyOf(object));
    this.#disown(object);
  }

  #disown(object: KubernetesObject): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) this.#owned.get(uid)?.delete(keyOf(object));
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    for (const listener of this.#listeners) listener(change);
  }
}

function keyOf({ kind, metadata: { namespace = '', name } }: Pick<KubernetesObject, 'kind' | 'metadata'>): string {
  return `${kind}/${namespace}/${name}`;
}
