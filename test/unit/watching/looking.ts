import { once } from 'node:events';
import { ReleaseWatch } from '../../../tasks/common/watching/release-watch.ts';
import type { ReleaseView } from '../../../tasks/common/watching/view.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { release } from './objects.ts';

/** No wait between tries, and none before listeners are told. */
export const atOnce = { firstMs: 1, longestMs: 1, startMs: 60_000, lookMs: 60_000, toldMs: 0 };

/** A look at the release of a played cluster. */
export class Looking {
  readonly watch: ReleaseWatch;
  readonly #cluster: FakeCluster;
  readonly #cancelled = new AbortController();

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster;
    this.watch = new ReleaseWatch(release, cluster, { signal: this.#cancelled.signal }, atOnce);
  }

  async begin(): Promise<ReleaseWatch> {
    await this.watch.start();
    await this.#cluster.wasAsked('watch pods');
    return this.watch;
  }

  /** Waits for changes until the release is seen so. */
  async until(isSo: (view: ReleaseView) => boolean): Promise<ReleaseView> {
    const changes = new EventTarget();
    const stop = this.watch.onChange(() => changes.dispatchEvent(new Event('change')));
    while (!isSo(this.watch.view())) await once(changes, 'change');
    stop();
    return this.watch.view();
  }

  /** Everything that the cluster has told is taken. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  cancel(reason: Error): void {
    this.#cancelled.abort(reason);
  }

  end(): void {
    this.watch.close();
  }
}
