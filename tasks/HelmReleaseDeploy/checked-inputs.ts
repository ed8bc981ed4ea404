import { checkedNamespace } from '../common/aks/credential-request.ts';
import { checkClusterNames, clusterNames } from '../common/cluster/named-cluster.ts';
import { checkRelease } from '../common/helm/release-name.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs } from './inputs.gen.ts';

/** The inputs in the units that the code works with. */
export interface Checked {
  readonly namespace: string;
  /** Undefined: the name of the chart. */
  readonly releaseName: string | undefined;
  /** Undefined: the newest good revision before the current one. */
  readonly toRevision: number | undefined;
  readonly timeoutMs: number;
  readonly leaseSeconds: number;
  readonly waitForOtherMs: number;
}

/** Checks all that needs nothing but the inputs. @throws TaskError with the input, the value and what it takes. */
export function checkedInputs(inputs: Inputs): Checked {
  if (inputs.action === 'deploy' && inputs.chart === undefined && inputs.handoffFile === undefined) {
    throw new TaskError('Give the input chart, or the input handoffFile whose chart is deployed; nothing says which.');
  }
  if (inputs.action === 'rollback' && inputs.releaseName === undefined) {
    throw new TaskError('Give the input releaseName: a roll-back has no chart that could give the release its name.');
  }
  if (inputs.images !== undefined && inputs.handoffFile === undefined) {
    throw new TaskError('Input images takes its digests from a handoff: give its variables.json as input handoffFile.');
  }
  checkClusterNames(clusterNames(inputs));
  return {
    namespace: checkedNamespace(given(inputs, 'namespace')),
    releaseName: inputs.releaseName === undefined ? undefined : checkRelease(inputs.releaseName, 'Input releaseName'),
    toRevision: revisionOf(inputs),
    timeoutMs: timeoutOf(inputs),
    leaseSeconds: leaseSecondsOf(inputs),
    waitForOtherMs: waitForOtherOf(inputs),
  };
}

function revisionOf({ action, toRevision }: Inputs): number | undefined {
  if (toRevision === undefined) return undefined;
  if (action === 'deploy') {
    throw new TaskError('Input toRevision belongs to action: rollback; a deploy makes a revision of its own.');
  }
  if (/^[1-9]\d{0,8}$/.test(toRevision)) return Number(toRevision);
  throw new TaskError(`Input toRevision is '${toRevision}'; it takes the number of a revision, such as 3.`);
}

/** As long as a job of a self-hosted agent may reasonably wait; timers of more than 24 days would end at once. */
const longestHours = 24;

/** Milliseconds. The form is helm's own, in whole numbers. */
function timeoutOf({ timeout }: Inputs): number {
  const match = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/.exec(timeout);
  const [hours = 0, minutes = 0, seconds = 0] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const total = (hours * 3600 + minutes * 60 + seconds) * 1000;
  if (total > 0 && total <= longestHours * 3_600_000) return total;
  const hint = /^\d+$/.test(timeout) ? ` With a unit it would be ${timeout}m or ${timeout}s.` : '';
  throw new TaskError(
    `Input timeout is '${timeout}'; it takes a time such as 10m, 90s or 1h30m, up to ${longestHours}h.${hint}`,
  );
}

function leaseSecondsOf({ leaseSeconds }: Inputs): number {
  if (leaseSeconds >= 15 && leaseSeconds <= 3600) return leaseSeconds;
  throw new TaskError(`Input leaseSeconds is ${leaseSeconds}; it takes 15 to 3600.`);
}

function waitForOtherOf({ waitForOther = '0' }: Inputs): number {
  if (/^\d{1,4}$/.test(waitForOther) && Number(waitForOther) <= longestHours * 60) return Number(waitForOther) * 60_000;
  throw new TaskError(
    `Input waitForOther is '${waitForOther}'; it takes whole minutes, up to ${longestHours * 60}, such as 15.`,
  );
}
