import type { Diagnosis } from '../diagnosis/finding.ts';
import type { Health } from '../health/health.ts';
import type { ObjectName } from '../watching/view.ts';
import type { ContainerLog } from './container-logs.ts';
import type { TimelineEntry } from './narrator.ts';

/** What a doctor saw, for the page of the step and for machines. Foreign text in it is fit to be shown. */
export interface DoctorReport {
  /** Without findings for a roll-out that went well. */
  readonly diagnosis: Diagnosis;
  /** At the moment of the failure, before anything was undone, or at the end. */
  readonly statuses: readonly { readonly object: ObjectName; readonly health: Health }[];
  readonly timeline: readonly TimelineEntry[];
  readonly logs: readonly ContainerLog[];
  /** What could not be seen, a sentence each. */
  readonly blind: readonly string[];
}
