import { setTimeout as pause } from 'node:timers/promises';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { RolloutFacts } from '../diagnosis/report.ts';
import type { ReleaseWatch } from '../watching/release-watch.ts';
import type { ContainerLogs } from './container-logs.ts';
import type { Rounds } from './rounds.ts';
import type { Status } from './statuses.ts';

/** What a roll-out that failed is looked at with. */
export interface ExaminationTools {
  readonly watch: Pick<ReleaseWatch, 'lookUp'>;
  readonly logs: ContainerLogs;
  readonly rounds: Rounds;
  /** For all that is read, in ms. */
  readonly readMs: number;
}

/** Looks at all that tells why it failed, before anything is undone. @param said helm's words */
export async function examined(
  { watch, logs, rounds, readMs }: ExaminationTools,
  said: string,
): Promise<RolloutFacts & { readonly statuses: readonly Status[] }> {
  const reading = Promise.all([logs.readAll(), watch.lookUp()]);
  const [read = []] = (await within(readMs, reading)) ?? [];
  const { view, statuses, clusterNow } = rounds.seen();
  // Helm has nothing to say where it called the revision deployed, and what it does not wait for took all of the time left.
  const isOver = said === '' ? true : undefined;
  const diagnosis = diagnose(view, said, new Date(clusterNow), isOver);
  return { diagnosis, statuses, logs: read, timeline: [], blind: view.blind };
}

/** Undefined when it takes longer. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const enough = new AbortController();
  const late = pause(ms, undefined, { signal: enough.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    enough.abort();
  }
}
