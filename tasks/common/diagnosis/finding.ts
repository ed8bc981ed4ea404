import type { ObjectName } from '../watching/view.ts';

/** What comes first: what keeps everything behind it from happening. */
export const ranks = [
  'apply',
  'admission',
  'scheduling',
  'volume',
  'image',
  'config',
  'crash',
  'probe',
  'network',
  'time-out',
] as const;
export type Rank = (typeof ranks)[number];

/** Where a cause shows: foreign text of the cluster, fit to be shown. */
export interface Evidence {
  readonly object: ObjectName;
  /** A field or an event, such as `status.containerStatuses[web].state.waiting` or `event FailedScheduling`; `helm` for its words. */
  readonly where: string;
  readonly said: string;
  readonly at: Date | undefined;
}

/** Why a roll-out fails, and what to do. */
export interface Finding {
  /** Of the entry in the table of causes, such as `image-not-found`; stays the same for machines. */
  readonly cause: string;
  readonly rank: Rank;
  /** What is wrong, a sentence with the values seen. */
  readonly what: string;
  /** What to do, a sentence or two with the Azure or Kubernetes setting by name. */
  readonly fix: string;
  /** A command that shows more. */
  readonly command: string;
  /** The object of the release that is kept from being ready. */
  readonly owner: ObjectName;
  /** How many pods (or other objects) of the owner show the same. */
  readonly count: number;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** Whether it can go away without anybody changing the chart, the values or the cluster. */
  readonly canMend: boolean;
}

/** What the cluster's evidence says of a roll-out. */
export interface Diagnosis {
  /** The first cause first; one for each owner. */
  readonly findings: readonly Finding[];
  /** What keeps an owner from being ready and fits no known cause. */
  readonly unexplained: readonly { readonly owner: ObjectName; readonly evidence: readonly Evidence[] }[];
}
