import type { ReleaseView } from '../watching/view.ts';
import { isAwaited, shortOf, type Status } from './statuses.ts';
import { Twice } from './twice.ts';

/** What helm does not wait for: there the look that helm's end asks for may be at what was before it. */
const ownWay = new Set(['Rollout', 'Canary']);
/** The same, where it is not seen yet: what has an address keeps it. */
const notYetSeen = new Set([...ownWay, 'Service']);

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
  return statuses.some(({ object }) => ownWay.has(object.kind)) || missing.some(({ kind }) => notYetSeen.has(kind));
}

/** What is waited for and not ready. */
export const openOf = (statuses: readonly Status[]): Status[] =>
  statuses.filter((status) => isAwaited(status) && status.health.state !== 'ready');
