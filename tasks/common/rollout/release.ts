import { setTimeout as pause } from 'node:timers/promises';
import type { HelmEnd, HelmReleases } from '../helm/index.ts';
import type { TaskContext } from '../task/context.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { isPending, readHistory, type ReleaseName, type ReleaseRecords, type Revision } from './history.ts';
import { isOutage } from './outage.ts';

/** What helm is doing to a release, as its Lease remembers it while helm is at it. */
export interface WorkOnRelease {
  /** The revision that helm writes, or takes away. */
  readonly revision: number;
  readonly action: 'upgrade' | 'rollback' | 'uninstall';
}

/** What of the Lease on a release a roll-out needs. */
export interface HeldLease {
  holds(): boolean;
  /** Aborted when the Lease was lost; its reason tells to whom. */
  readonly lost: AbortSignal;
  /** What its last holder began and did not end. */
  readonly left: { readonly revision: number; readonly action: string } | undefined;
  note(work: WorkOnRelease | undefined): Promise<void>;
}

/** The waits before helm is run again after an outage, between looks at somebody else's work, and between signs of life. In ms. */
export interface Waits {
  readonly again: readonly number[];
  readonly look: number;
  readonly beat?: number;
}

/** What a roll-out works with. */
export interface RolloutTools {
  readonly helm: Pick<HelmReleases, 'upgrade' | 'rollback' | 'uninstall' | 'test'>;
  readonly client: ReleaseRecords;
  /** Undefined where the author of the step wants none. */
  readonly lease: HeldLease | undefined;
  /** How many connections of helm's to the API server failed so far. */
  readonly troubles: () => number;
  readonly context: Pick<TaskContext, 'log' | 'signal'>;
  /** Whether somebody else tells how far it is just now, so that no sign of life of ours is needed. */
  readonly isTold?: () => boolean;
  readonly waits?: Waits;
}

/** One run of helm, or the last of several, and what its records say then. */
export interface Step {
  readonly end: HelmEnd;
  /** The records before it. */
  readonly earlier: readonly Revision[];
  readonly history: readonly Revision[];
}

/** What helm is run for. */
export interface Work {
  /** None for tests, which leave the release as it is. */
  readonly action?: WorkOnRelease['action'];
  /** The records before. */
  readonly history: readonly Revision[];
  readonly start: (history: readonly Revision[], signal: AbortSignal) => Promise<HelmEnd>;
  /** Called before another try with what the last one left; gives back the records after it. */
  readonly mend?: (history: readonly Revision[]) => Promise<readonly Revision[]>;
}

const defaultWaits = { again: [2000, 10_000], look: 5000, beat: 30_000 };

/** Helm is at work on it, or was when it ended. */
export const isStuck = (revision: Revision): boolean => isPending(revision) || revision.status === 'uninstalling';

/** A release that a step works on, with the Lease on it where there is one. */
export class Release {
  readonly signal: AbortSignal;
  readonly waits: Waits;

  constructor(
    readonly name: ReleaseName,
    readonly tools: RolloutTools,
  ) {
    const { context, lease, waits = defaultWaits } = tools;
    this.signal = lease === undefined ? context.signal : AbortSignal.any([context.signal, lease.lost]);
    this.waits = waits;
  }

  /** As messages name it. */
  get title(): string {
    return `Release '${this.name.name}' in namespace '${this.name.namespace}'`;
  }

  /** Comes before everything that is written. @throws TaskError without the Lease; the reason of the signal */
  checkHeld(): void {
    this.signal.throwIfAborted();
    if (this.tools.lease?.holds() ?? true) return;
    throw new TaskError(`${this.title}: the Lease on it could not be renewed in time, so nothing more is changed.`);
  }

  history(): Promise<Revision[]> {
    this.signal.throwIfAborted();
    return readHistory(this.tools.client, this.name, { signal: this.signal });
  }

  /**
   * Runs helm, and again when it failed while the API server could not answer: helm itself gives up at the first write that
   * fails. While it is at work the Lease says so, for whoever comes after a step that died; what stays pending stays noted.
   * @throws the reason of the signal when the run is cancelled or the Lease lost, once helm has ended
   */
  async run(work: Work): Promise<Step> {
    const { log } = this.tools.context;
    let { history } = work;
    for (let attempt = 0; ; attempt += 1) {
      const { outage, ...step } = await this.#once({ ...work, history });
      const wait = this.waits.again[attempt];
      if (!outage || wait === undefined) return step;
      log.warning(`helm failed while the API server could not answer, so it is run again in ${wait / 1000} s.`);
      await pause(wait, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
      history = (await work.mend?.(step.history)) ?? step.history;
    }
  }

  async #once({ action, history: before, start }: Work): Promise<Step & { readonly outage: boolean }> {
    this.checkHeld();
    const { lease, troubles } = this.tools;
    const number = before.at(-1)?.number ?? 0;
    if (action !== undefined) await lease?.note({ action, revision: action === 'uninstall' ? number : number + 1 });
    const troublesBefore = troubles();
    const end = await this.#telling(action ?? 'test', () => start(before, this.signal));
    const history = await this.history();
    const last = history.at(-1);
    const isDone = last === undefined || !isStuck(last);
    if (action !== undefined && isDone) await this.#forget();
    const hasRecord = isDone && (last?.number ?? 0) > number;
    return { end, earlier: before, history, outage: isOutage(end, troubles() > troublesBefore && !hasRecord) };
  }

  /** helm says nothing while it waits. */
  async #telling(action: string, work: () => Promise<HelmEnd>): Promise<HelmEnd> {
    const began = Date.now();
    const tell = (): void => {
      if (this.tools.isTold?.() ?? false) return;
      const seconds = Math.round((Date.now() - began) / 1000);
      this.tools.context.log.info(`helm ${action} has been at work for ${seconds} s.`);
    };
    const beat = setInterval(tell, this.waits.beat ?? defaultWaits.beat);
    return work().finally(() => clearInterval(beat));
  }

  /** A note that stays says nothing about a revision that is not pending, so that is no failure. */
  async #forget(): Promise<void> {
    try {
      await this.tools.lease?.note(undefined);
    } catch (error) {
      this.signal.throwIfAborted();
      this.tools.context.log.debug(messageOf(error));
    }
  }
}
