import type { Finding } from '../diagnosis/finding.ts';
import type { ReleaseView } from '../watching/view.ts';
import { isAwaited, isTrouble, shortOf, type Status } from './statuses.ts';
import { Twice } from './twice.ts';

/** What helm does not wait for: there the look that helm's end asks for may be at what was before it. */
const ownWay = new Set(['Rollout', 'Canary']);
/** The same, where it is not seen yet: what has an address keeps it. */
const notYetSeen = new Set([...ownWay, 'Service']);

/** What is to be done after a look at a release that helm calls deployed. */
export interface Settled {
  /** Over: the time is up. */
  readonly is: 'well' | 'waiting' | 'over';
  /** What is waited for, and not ready. */
  readonly open: readonly Status[];
  /** What of it there is no use to wait for. */
  readonly lost: readonly Status[];
}

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
  /** What was ready once: an autoscaler that adds pods later, or a node that goes, is no matter of the roll-out. */
  readonly #settled = new Set<string>();

  constructor(times: SettlingTimes) {
    this.#times = times;
  }

  /** @param statuses of what counts @param finding of what cannot mend itself */
  look(statuses: readonly Status[], finding: Finding | undefined, view: ReleaseView, now: number): Settled {
    const { freshAt, deadline, endEarly } = this.#times;
    for (const { object, health } of statuses) {
      if (health.state === 'ready' && (now >= freshAt || !ownWay.has(object.kind))) this.#settled.add(keyOf(object));
    }
    const open = statuses.filter(
      (status) => isAwaited(status) && status.health.state !== 'ready' && !this.#settled.has(keyOf(status.object)),
    );
    if (open.length === 0)
      return { is: now < freshAt && mayBeOld(statuses, view) ? 'waiting' : 'well', open, lost: [] };
    // What is only slow may be so: helm is content with it.
    if (now >= deadline) return { is: 'over', open, lost: open.filter(isTrouble) };
    const failed = this.#twice.look(endEarly ? open.filter(({ health }) => health.state === 'failed') : [], shortOf);
    const hopeless = open.filter(
      ({ object: { kind, name } }) => kind === finding?.owner.kind && name === finding.owner.name,
    );
    return { is: 'waiting', open, lost: failed === undefined ? hopeless : [failed] };
  }
}

const keyOf = ({ kind, namespace, name }: Status['object']): string => `${kind}/${namespace}/${name}`;

function mayBeOld(statuses: readonly Status[], { missing, blind }: ReleaseView): boolean {
  if (missing === undefined) return blind.length === 0;
  return statuses.some(({ object }) => ownWay.has(object.kind)) || missing.some(({ kind }) => notYetSeen.has(kind));
}
