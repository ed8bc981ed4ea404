import { createHash, randomUUID } from 'node:crypto';
import { canonical } from '../canonical.ts';
import type { Fields, KubernetesObject, Metadata, Objects } from '../objects.ts';
import { defaulted } from '../defaults.ts';
import { BackOffs } from './back-offs.ts';
import { done, failedCreate, tell, type Told } from './events.ts';
import { now, type Pod, type PodTemplate, type Workload } from './shapes.ts';

/** What controllers do to the objects of a cluster. */
export class Workshop {
  readonly objects: Objects;
  /** Of pods and of what makes them, by their uid. */
  readonly backOffs = new BackOffs();
  /** Says why a pod is not let in; undefined for one that is. */
  admission: (pod: KubernetesObject) => string | undefined = () => undefined;
  readonly #refusals = new Map<string, string>();
  readonly #wakeIn: (ms: number) => void;

  constructor(objects: Objects, wakeIn: (ms: number) => void) {
    this.objects = objects;
    this.#wakeIn = wakeIn;
  }

  /** Lets everybody look again after some time. */
  wakeIn(ms: number): void {
    this.#wakeIn(ms);
  }

  /**
   * Whether what failed may be tried again. As long as it may not, everybody is woken for it anew: a timer of Node may
   * ring some milliseconds before its time by the clock, and the earliest wish alone is kept.
   */
  mayTry(uid: string): boolean {
    const left = this.backOffs.left(uid);
    if (left > 0) this.wakeIn(left);
    return left === 0;
  }

  /** What failed is tried again after its back-off. */
  tryLater(uid: string): void {
    this.wakeIn(this.backOffs.failed(uid));
  }

  tell(about: KubernetesObject, told: Told): void {
    tell(this.objects, about, told);
  }

  list<T extends KubernetesObject>(kind: string): T[] {
    return this.objects.list({ kind }) as unknown as T[];
  }

  /** The objects of a kind that an object controls. */
  ownedBy<T extends KubernetesObject>(owner: KubernetesObject, kind: string): T[] {
    return this.objects
      .ownedBy(owner)
      .filter(
        (one) =>
          one.kind === kind &&
          one.metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === owner.metadata.uid),
      ) as unknown as T[];
  }

  /** The pods of an object that are not on their way out. */
  podsOf(owner: KubernetesObject): Pod[] {
    return this.ownedBy<Pod>(owner, 'Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  create(object: KubernetesObject): KubernetesObject {
    const metadata: Metadata = { uid: randomUUID(), creationTimestamp: now(), generation: 1, ...object.metadata };
    return this.objects.put(defaulted({ ...object, metadata }));
  }

  /** Makes a pod, or says of its owner that it cannot be made; then it is tried again after a back-off. */
  createPod(owner: Workload, name: string, { metadata = {}, spec }: PodTemplate): void {
    const { labels = {}, annotations = {} } = metadata;
    const { namespace = 'default', uid = '' } = owner.metadata;
    if (!this.mayTry(uid)) return;
    const place = { name, namespace, ownerReferences: [referenceTo(owner)] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...place, labels, annotations }, spec };
    const why = this.admission(pod);
    if (why !== undefined) {
      this.#refusals.set(uid, why);
      this.tell(owner, failedCreate(owner, name, why));
      this.tryLater(uid);
      return;
    }
    this.create(pod);
    this.#refusals.delete(uid);
    this.backOffs.forget(uid);
    this.tell(owner, done(owner, name, 'create'));
  }

  /** Why the last pod of an owner could not be made; undefined when it could. */
  refusalOf({ metadata: { uid = '' } }: KubernetesObject): string | undefined {
    return this.#refusals.get(uid);
  }

  /** Writes a status if it is another one. */
  setStatus(object: KubernetesObject, status: Fields): void {
    this.setFields(object, { status });
  }

  /** Writes fields if they are others. */
  setFields(object: KubernetesObject, fields: Fields): void {
    const isSame = Object.entries(fields).every(([name, value]) => canonical(object[name]) === canonical(value));
    if (!isSame) this.objects.put({ ...object, ...fields });
  }

  /** Writes a changed spec, of a new generation. */
  setSpec(object: KubernetesObject, changed: Fields): void {
    const { generation = 1 } = object.metadata;
    const metadata = { ...object.metadata, generation: generation + 1 };
    this.objects.put({ ...object, metadata, spec: { ...(object['spec'] as Fields), ...changed } });
  }

  /** Marks a pod as to be deleted; its node does the rest. @param by whoever made it and does not want it any more */
  stop(pod: KubernetesObject, by?: Workload): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    if (by !== undefined) this.tell(by, done(by, pod.metadata.name, 'delete'));
    const metadata = { ...pod.metadata, deletionTimestamp: now(), deletionGracePeriodSeconds: 0 };
    this.objects.put({ ...pod, metadata });
  }
}

export function referenceTo({ apiVersion = 'v1', kind, metadata: { name, uid = '' } }: KubernetesObject) {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Ten letters for a pod template; the same for the same one. */
export function hashOf(template: PodTemplate): string {
  const digest = createHash('sha256').update(canonical(template)).digest();
  return [...digest.subarray(0, 10)].map((byte) => 'bcdfghjklmnpqrstvwxz2456789'[byte % 27]).join('');
}

/** The end of a pod's name. */
export function randomSuffix(): string {
  return hashOf({ spec: { random: randomUUID() } }).slice(0, 5);
}
