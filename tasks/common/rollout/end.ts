import type { Revision } from './history.ts';

/** How a roll-out or a roll-back ended that was not stopped from outside. */
export interface RollOutEnd {
  readonly failed: boolean;
  /** What happened, in a few sentences. */
  readonly message: string;
  /** The revision that failed, where one did. */
  readonly revision?: number | undefined;
  /** What was deployed before; undefined for a release that is new or never was good. */
  readonly before: Revision | undefined;
  /** helm's newest record now; undefined where there is no release (any more). */
  readonly after: Revision | undefined;
  /** What was done besides what was asked for, one sentence each. */
  readonly done: readonly string[];
}
