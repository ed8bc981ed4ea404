import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import type { Revision } from './history.ts';
import type { DeliveryLabels } from './labels.ts';

/** What happens to a deployment of something older than what is there. */
export interface OlderRule {
  readonly ifOlder: Given<'deploy' | 'warn' | 'refuse'>;
  /** Whether a person started this run, and so chose what is deployed (Build.Reason is Manual). */
  readonly isManual: boolean;
}

/**
 * Compares the CI run whose work is to be deployed with the one whose work is there. Only runs of one pipeline have an
 * order: ids grow with every run. Late runs are how it comes about: one that waited long for its approval, or was retried.
 * @throws TaskError when it is older, and that is to be refused.
 */
export function checkOlder(
  wanted: DeliveryLabels,
  there: Revision | undefined,
  { ifOlder, isManual }: OlderRule,
  log: TaskContext['log'],
): void {
  if (there === undefined || !isOlder(wanted, there.labels)) return;
  const told =
    `What is to be deployed was built by run ${wanted.ciRun}, but revision ${there.number}, which is deployed, by run ` +
    `${there.labels.ciRun} of the same pipeline, which is newer`;
  if (isManual) log.info(`${told}. A person started this run and so chose it; it is deployed.`);
  else if (ifOlder.value === 'warn') log.warning(`${told}. It is deployed, since input ${ifOlder.input} is warn.`);
  else if (ifOlder.value === 'deploy') log.info(`${told}. It is deployed, since input ${ifOlder.input} is deploy.`);
  else {
    throw new TaskError(
      `${told}. It is refused, since input ${ifOlder.input} is refuse: roll back to an older revision, or start a run by ` +
        'hand that deploys it.',
    );
  }
}

function isOlder(wanted: DeliveryLabels, there: DeliveryLabels): boolean {
  const isSamePipeline =
    wanted.ciPipeline !== undefined &&
    wanted.ciPipeline === there.ciPipeline &&
    wanted.ciProject !== undefined &&
    wanted.ciProject === there.ciProject;
  const [ours, theirs] = [wanted.ciRun, there.ciRun].map((run) => (/^\d{1,15}$/.test(run ?? '') ? Number(run) : NaN));
  return isSamePipeline && ours !== undefined && theirs !== undefined && ours < theirs;
}
