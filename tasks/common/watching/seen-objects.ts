import type { ReleaseName } from '../rollout/history.ts';
import { field, list, text, time } from './fields.ts';
import { nameOf, type ObjectName, type SeenObject } from './view.ts';

/** How many objects wait for an owner that is not seen yet: theirs comes by another watch, a moment earlier or later. */
const mostStrays = 300;

/** How long before the run an object may have been made to be of it: the API server writes whole seconds. In ms. */
const slackMs = 2000;

/** What helm's record says of an object. */
export type Recorded = (name: ObjectName) => 'hook' | 'named' | 'not named';

/** The objects of a release and what they made, of all that a namespace shows; nothing else is kept. */
export class SeenObjects implements Parents {
  /** When the run began to look. */
  since: Date = new Date();
  readonly #release: ReleaseName;
  readonly #byUid = new Map<string, SeenObject>();
  readonly #strays = new Map<string, SeenObject>();
  readonly #gone = new Map<string, SeenObject>();
  #recorded: Recorded | undefined;
  /** Kinds and names of all, until one comes or goes. */
  #names: ReadonlySet<string> | undefined;

  constructor(release: ReleaseName) {
    this.#release = release;
  }

  /** All that is kept, and hooks of this run that helm has taken away again. */
  get all(): readonly SeenObject[] {
    return [...this.#byUid.values(), ...this.#gone.values()];
  }

  has(uid: string): boolean {
    return this.#byUid.has(uid) || this.#gone.has(uid);
  }

  /** @param key a uid, or kind and name with a `/` between them */
  knows(key: string): boolean {
    // Whoever may write events may write thousands that name no uid, of a release of thousands of objects.
    this.#names ??= new Set(this.all.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    return this.has(key) || this.#names.has(key);
  }

  named(kind: string): readonly SeenObject[] {
    return this.all.filter((object) => object.kind === kind);
  }

  /** Keeps an object if it is the release's. @returns the objects that are known since: it, and what waited for it */
  take(object: SeenObject): readonly SeenObject[] {
    const uid = object.metadata.uid ?? '';
    if (uid === '') return [];
    if (this.#byUid.has(uid)) {
      this.#byUid.set(uid, object);
      return [];
    }
    if (this.#isOurs(object)) return this.#adopt(object);
    if (this.#isYoung(object)) this.#wait(uid, object);
    return [];
  }

  /**
   * Of a hook that helm takes away the last is kept: by then it may be all that tells why it failed.
   * @returns whether nothing is kept of the object
   */
  remove(object: SeenObject): boolean {
    const uid = object.metadata.uid ?? '';
    this.#strays.delete(uid);
    this.#names = undefined;
    if (this.#byUid.delete(uid) && this.#isOfHook(object)) this.#gone.set(uid, object);
    return !this.#gone.has(uid);
  }

  /** Of a kind that was listed anew, or cannot be seen any more. @param uids of the objects that are there */
  keepOnly(kind: string, uids: ReadonlySet<string>): void {
    this.#names = undefined;
    for (const [uid, object] of this.#byUid) if (object.kind === kind && !uids.has(uid)) this.#byUid.delete(uid);
  }

  /**
   * helm's record is known: of what helm marked only what it names is the release's, besides its hooks.
   * @param recorded undefined while the record of a new revision is awaited @returns the objects that are known since
   */
  learn(recorded: Recorded | undefined): readonly SeenObject[] {
    this.#recorded = recorded;
    return this.#adoptStrays();
  }

  /** Whether the chart has it: what helm marks (helm/helm, pkg/action/validate.go), and hooks, which it does not mark. */
  isRoot(object: SeenObject): boolean {
    const { labels, annotations } = object.metadata;
    const { name, namespace } = this.#release;
    const isMarked =
      labels?.['app.kubernetes.io/managed-by'] === 'Helm' &&
      annotations?.['meta.helm.sh/release-name'] === name &&
      (annotations['meta.helm.sh/release-namespace'] ?? namespace) === namespace;
    if (this.#isHook(object)) return true;
    return isMarked && this.#recorded?.(nameOf(object)) !== 'not named';
  }

  /** Whether it was there before the run. */
  isOld(object: SeenObject): boolean {
    return !this.#isYoung(object);
  }

  /** A hook of an earlier revision may still lie there under the same name. */
  #isHook(object: SeenObject): boolean {
    return this.#isYoung(object) && this.#recorded?.(nameOf(object)) === 'hook';
  }

  #isOurs(object: SeenObject): boolean {
    return this.isRoot(object) || parentsOf(object, this).length > 0;
  }

  #isYoung({ metadata }: SeenObject): boolean {
    const created = time(metadata.creationTimestamp);
    return created === undefined || created.getTime() >= this.since.getTime() - slackMs;
  }

  #isOfHook(object: SeenObject): boolean {
    return this.#isHook(object) || ownerUids(object).some((uid) => this.#isGoneOrHook(uid));
  }

  #isGoneOrHook(uid: string): boolean {
    const owner = this.#byUid.get(uid);
    return this.#gone.has(uid) || (owner !== undefined && this.#isHook(owner));
  }

  #adopt(object: SeenObject): readonly SeenObject[] {
    const uid = object.metadata.uid ?? '';
    this.#strays.delete(uid);
    this.#names = undefined;
    this.#byUid.set(uid, object);
    this.#forgetGone(object);
    return [object, ...this.#adoptStrays()];
  }

  /** A hook that is there again takes the place of the one before it. */
  #forgetGone(object: SeenObject): void {
    for (const [uid, { kind, metadata }] of this.#gone) {
      if (kind === object.kind && metadata.name === object.metadata.name) this.#gone.delete(uid);
    }
  }

  #adoptStrays(): readonly SeenObject[] {
    const found = [...this.#strays.values()].find((stray) => this.#isOurs(stray));
    return found === undefined ? [] : this.#adopt(found);
  }

  #wait(uid: string, object: SeenObject): void {
    this.#strays.delete(uid);
    this.#strays.set(uid, object);
    const [oldest] = this.#strays.keys();
    if (oldest !== undefined && this.#strays.size > mostStrays) this.#strays.delete(oldest);
  }
}

/** The objects that may have made others. */
export interface Parents {
  has(uid: string): boolean;
  named(kind: string): readonly SeenObject[];
}

/** The uids of those that made an object. */
export function parentsOf(object: SeenObject, parents: Parents): readonly string[] {
  const byOwner = ownerUids(object).filter((uid) => parents.has(uid));
  const kind = parentKind[object.kind];
  if (byOwner.length > 0 || kind === undefined) return byOwner;
  return parents
    .named(kind)
    .filter((parent) => isMadeFor(object, parent))
    .map(({ metadata }) => metadata.uid ?? '');
}

/** Whose children need not name their owner: slices made by hand, and claims, which outlive a StatefulSet. */
const parentKind: Readonly<Record<string, string>> = { EndpointSlice: 'Service', PersistentVolumeClaim: 'StatefulSet' };

function isMadeFor({ kind, metadata: { name = '', labels } }: SeenObject, parent: SeenObject): boolean {
  if (kind === 'EndpointSlice') return labels?.['kubernetes.io/service-name'] === parent.metadata.name;
  const templates = list(field(parent['spec'], 'volumeClaimTemplates'));
  // Named after template, set and number (kubernetes, pkg/controller/statefulset/stateful_set_utils.go).
  return templates.some((template) => {
    const start = `${text(field(template, 'metadata', 'name'))}-${parent.metadata.name}-`;
    return name.startsWith(start) && /^\d+$/.test(name.slice(start.length));
  });
}

function ownerUids({ metadata }: SeenObject): readonly string[] {
  return list(metadata['ownerReferences'])
    .map((reference) => text(field(reference, 'uid')))
    .filter((uid) => uid !== '');
}
