import type { ReleaseView } from '../watching/view.ts';
import { isAwaited, shortOf, type Status } from './statuses.ts';
import { Twice } from './twice.ts';

/** Kinds whose controllers helm does not wait for, so that what is seen may be older than what helm did. */
const ownWay = new Set(['Rollout', 'Canary', 'Service']);

/** What is to be done after a look at a release that helm calls deployed. */
export type Settled = 'well' | 'wait' | 'in vain';

/** When to stop waiting. In ms. */
export interface SettlingTimes {
  /** Until then a look may be at what was before helm. */
  readonly freshAt: number;
  readonly deadline: number;
  /** Whether what failed for good is waited for no longer. */
  readonly endEarly: boolean;
}

/** Decides when a release that helm calls deployed is as it should be. */
export class Settling {
  readonly #times: SettlingTimes;
  readonly #twice = new Twice();

  constructor(times: SettlingTimes) {
    this.#times = times;
  }

  look(statuses: readonly Status[], view: ReleaseView, now: number): Settled {
    const open = openOf(statuses);
    const { freshAt, deadline, endEarly } = this.#times;
    if (open.length === 0) return now < freshAt && mayBeOld(statuses, view) ? 'wait' : 'well';
    const failed = endEarly ? open.filter(({ health }) => health.state === 'failed') : [];
    return now >= deadline || this.#twice.look(failed, shortOf) !== undefined ? 'in vain' : 'wait';
  }
}

function mayBeOld(statuses: readonly Status[], { missing, blind }: ReleaseView): boolean {
  if (missing === undefined) return blind.length === 0;
  return [...statuses.map(({ object }) => object), ...missing].some(({ kind }) => ownWay.has(kind));
}

/** What is waited for and not ready. */
export const openOf = (statuses: readonly Status[]): Status[] =>
  statuses.filter((status) => isAwaited(status) && status.health.state !== 'ready');
