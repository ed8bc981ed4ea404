import type { KubernetesClient } from '../cluster/client.ts';
import type { ReleaseWatch } from '../watching/release-watch.ts';
import { type Manners, usualManners } from './live-lines.ts';

/** What a doctor looks at, and what for. */
export interface DoctorPlan {
  readonly watch: Pick<ReleaseWatch, 'start' | 'expect' | 'view' | 'onChange' | 'readLog' | 'lookUp' | 'close'>;
  readonly client: Pick<KubernetesClient, 'get'>;
  readonly wait: {
    readonly timeoutMs: number;
    /** Whether the release must be all that it should be; else hooks alone are waited for. */
    readonly strict: boolean;
    /** Whether helm waits for Jobs that are no hooks, too; it does not if absent. */
    readonly forJobs?: boolean;
  };
  /** Whether helm is ended where it waits in vain. */
  readonly endEarly: boolean;
}

/** In ms. */
export interface DoctorWaits extends Manners {
  /** Between two looks where nothing changes. */
  readonly tickMs: number;
  /** Between two looks for what cannot mend itself. */
  readonly lookMs: number;
  /** After helm, until what controllers of their own kind say is about what helm did. */
  readonly freshMs: number;
  /** What helm leaves of its time may be less than the last old pod needs to go. */
  readonly leastMs: number;
  /** For all that is read when it failed. */
  readonly readMs: number;
}

export const usualWaits: DoctorWaits = {
  ...usualManners,
  tickMs: 1000,
  lookMs: 4000,
  freshMs: 2000,
  leastMs: 10_000,
  readMs: 20_000,
};
