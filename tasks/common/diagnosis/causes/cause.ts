import type { ObjectName, ReleaseView } from '../../watching/view.ts';
import type { Rank } from '../finding.ts';
import type { Signal, Source, Troubled } from '../signals.ts';

/** What of a signal tells a cause: all that is given must hold. */
export interface Mark {
  readonly sources: readonly Source[];
  readonly reasons?: readonly string[];
  /** What its groups hold is what the cause's texts are made of. */
  readonly pattern?: RegExp;
  /** Where the cause stands when it is told this way; that of its entry if absent. */
  readonly rank?: Rank;
}

/** A signal that has a cause's mark, and what there is around it. */
export interface Found {
  readonly signal: Signal;
  /** The named groups of the mark's pattern; undefined for one that matched nothing. */
  readonly groups: Readonly<Record<string, string | undefined>>;
  readonly owner: ObjectName;
  readonly troubled: Troubled;
  /** All signals about the same object as the signal. */
  readonly near: readonly Signal[];
  readonly view: ReleaseView;
  readonly now: Date;
  /** Whether the time for the roll-out is up: nothing is normal any more that is not ready. */
  readonly isOver: boolean;
}

/** An entry of the table of causes. */
export interface Cause {
  /** Never changes: it stands in reports that machines read. */
  readonly id: string;
  readonly rank: Rank;
  /** How it shows and what mends it, for docs/causes.md. */
  readonly evidence: string;
  readonly remedy: string;
  readonly marks: readonly Mark[];
  /** Whether it is this cause in spite of what else the object says; yes if absent. */
  readonly applies?: (found: Found) => boolean;
  /** Whether this is still as usual, so that nothing is said yet; no if absent. */
  readonly holds?: (found: Found) => boolean;
  readonly what: (found: Found) => string;
  readonly fix: (found: Found) => string;
  readonly command: (found: Found) => string;
  readonly canMend: boolean | ((found: Found) => boolean);
  /** More of the owner's signals that tell of it, such as the end of a log; none if absent. */
  readonly besides?: (found: Found) => readonly Signal[];
}
