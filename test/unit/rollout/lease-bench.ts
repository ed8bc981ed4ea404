import { ReleaseLease, type LeaseRequest } from '../../../tasks/common/rollout/lease.ts';
import type { KubernetesObject } from '../../../tasks/common/cluster/client.ts';
import { atOnce, clientOf, type Fate, LeaseStore, Machine, World } from './world.ts';

export const path = '/apis/coordination.k8s.io/v1/namespaces/web/leases/helm-delivery-shop';
export const ours = 'https://dev.azure.com/contoso/web/_build/results?buildId=7#00000000000000aa';
export const other = 'https://dev.azure.com/contoso/web/_build/results?buildId=5#00000000000000bb';

/** A run beside others that write to the same store. */
export class Bench {
  readonly world = new World();
  readonly store = new LeaseStore();
  readonly machine = new Machine(this.world);
  readonly told: string[] = [];
  readonly cancel = new AbortController();
  fate: () => Fate = () => atOnce;

  take(request: Partial<LeaseRequest> = {}): Promise<ReleaseLease> {
    const tell = (text: string): void => void this.told.push(text);
    return ReleaseLease.take(
      {
        release: 'shop',
        namespace: 'web',
        holder: ours,
        seconds: 60,
        waitMs: 0,
        advice: 'set input lease to off',
        ...request,
      },
      clientOf(this.machine, this.store, () => this.fate()),
      {
        log: { info: tell, warning: tell, error: tell, debug: () => undefined, progress: () => undefined },
        signal: this.cancel.signal,
      },
      this.machine,
    );
  }

  /** The same, once it is there. */
  async taken(request: Partial<LeaseRequest> = {}): Promise<ReleaseLease> {
    return this.world.until(this.take(request));
  }

  get lease(): KubernetesObject & { spec: Record<string, unknown> } {
    const there = this.store.objects.get(path);
    if (there === undefined) throw new Error('There is no Lease.');
    return there as KubernetesObject & { spec: Record<string, unknown> };
  }

  /** Another run's Lease, as it stands there. */
  putOther(spec: Record<string, unknown> = {}, annotations: Record<string, string> = {}): void {
    const { metadata = { name: 'helm-delivery-shop', namespace: 'web' } } = this.store.objects.get(path) ?? {};
    this.store.put(path, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { ...metadata, annotations },
      spec: {
        holderIdentity: other,
        leaseDurationSeconds: 60,
        renewTime: '2026-11-26T04:00:00.000000Z',
        leaseTransitions: 3,
        ...spec,
      },
    });
  }

  /** Another run that renews its Lease for a while, by a clock that is hours off. */
  keepOther(everyMs: number, untilMs: number): void {
    for (let atMs = 0, count = 0; atMs <= untilMs; atMs += everyMs, count += 1) {
      const renewTime = `2026-11-25T01:00:00.${String(count).padStart(6, '0')}Z`;
      this.world.in(atMs, () => this.putOther({ renewTime }));
    }
  }
}

/** A time in the world at which something is first so; undefined if it does not become so. */
export async function firstTime(world: World, forMs: number, isSo: () => boolean): Promise<number | undefined> {
  let found: number | undefined;
  await world.pass(forMs, () => {
    if (isSo()) found ??= world.nowMs;
  });
  return found;
}
