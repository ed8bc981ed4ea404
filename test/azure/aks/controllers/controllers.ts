import type { Objects } from '../objects.ts';
import { releaseAnnotation } from './behaviour.ts';
import { runDeployments } from './deployments.ts';
import { collectGarbage, runNamespaces } from './garbage-collector.ts';
import { runProviders } from './networking.ts';
import { runPods } from './node.ts';
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
  #isBusy = false;
  #alarm: NodeJS.Timeout | undefined;

  constructor(objects: Objects) {
    this.#workshop = new Workshop(objects);
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
    runDeployments(workshop, (inMs) => this.#wakeIn(inMs));
    runReplicaSets(workshop);
    runStatefulSets(workshop);
    runDaemonSets(workshop);
    runJobs(workshop);
    runPods(workshop);
    runProviders(workshop);
    collectGarbage(workshop);
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#alarm);
    this.#alarm = setTimeout(() => this.#wake(), Math.max(ms, 1)).unref();
  }
}
