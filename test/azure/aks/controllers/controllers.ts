import type { KubernetesObject, Objects } from '../objects.ts';
import { releaseAnnotation } from './behaviour.ts';
import { runDeployments } from './deployments.ts';
import { collectGarbage, runNamespaces } from './garbage-collector.ts';
import { runEndpoints, runProviders } from './networking.ts';
import { Node, theNode } from './node.ts';
import { runDaemonSets, runJobs, runStatefulSets } from './other-workloads.ts';
import { runReplicaSets } from './replica-sets.ts';
import { Workshop } from './workshop.ts';

/** More steps than any change here can need. */
const stepLimit = 1000;

/**
 * Plays the controllers and the node of a cluster. After every change of an object they take steps, one a turn of the
 * event loop so that watchers see each, until nothing is left to do.
 */
export class Controllers {
  readonly #workshop: Workshop;
  readonly #node: Node;
  #isBusy = false;
  #alarm: NodeJS.Timeout | undefined;
  #alarmAt = Infinity;

  constructor(objects: Objects) {
    this.#workshop = new Workshop(objects, (ms) => this.#wakeIn(ms));
    this.#node = new Node(this.#workshop);
    objects.add(theNode);
    objects.onChange(() => this.#wake());
    this.#wake();
  }

  /** Makes every slow pod ready that there is now. */
  releasePods(): void {
    const { objects } = this.#workshop;
    for (const pod of objects.list({ kind: 'Pod' })) {
      const annotations = { ...pod.metadata.annotations, [releaseAnnotation]: 'true' };
      objects.put({ ...pod, metadata: { ...pod.metadata, annotations } });
    }
  }

  /**
   * From now on controllers cannot make these pods, as where a quota is used up or a policy forbids them.
   * @param admission gives the API server's message for a pod, undefined for one that may be made
   */
  refusePods(admission: (pod: KubernetesObject) => string | undefined): void {
    this.#workshop.admission = admission;
    this.#wake();
  }

  #wake(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    setImmediate(() => this.#work(0));
  }

  #work(steps: number): void {
    const { objects } = this.#workshop;
    const before = objects.version;
    this.#step();
    if (steps > stepLimit) throw new Error('The played controllers find no end.');
    if (objects.version === before) this.#isBusy = false;
    else setImmediate(() => this.#work(steps + 1));
  }

  #step(): void {
    const workshop = this.#workshop;
    runNamespaces(workshop);
    runDeployments(workshop);
    runReplicaSets(workshop);
    runStatefulSets(workshop);
    runDaemonSets(workshop);
    runJobs(workshop);
    this.#node.step();
    runProviders(workshop);
    runEndpoints(workshop);
    collectGarbage(workshop);
  }

  /** The earliest wish counts: at every step those who still wait wish again. */
  #wakeIn(ms: number): void {
    const at = Date.now() + Math.max(ms, 1);
    if (at >= this.#alarmAt) return;
    clearTimeout(this.#alarm);
    this.#alarmAt = at;
    this.#alarm = setTimeout(() => {
      this.#alarmAt = Infinity;
      this.#wake();
    }, at - Date.now()).unref();
  }
}
