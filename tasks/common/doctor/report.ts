import type { RolloutFacts } from '../diagnosis/report.ts';
import type { ContainerLog } from './container-logs.ts';
import type { TimelineEntry } from './narrator.ts';

/** What a doctor saw, for the page of the step and for machines. Foreign text in it is fit to be shown. */
export interface DoctorReport extends RolloutFacts {
  readonly timeline: readonly TimelineEntry[];
  readonly logs: readonly ContainerLog[];
}
