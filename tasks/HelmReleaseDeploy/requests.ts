import type { ChartToDeploy } from '../common/chart/source/chart-to-deploy.ts';
import type { Approver } from '../common/devops/index.ts';
import type { Handoff } from '../common/handoff/index.ts';
import { checkWishes } from '../common/helm/index.ts';
import type { DeployRequest } from '../common/rollout/deploy.ts';
import type { ReleaseName } from '../common/rollout/history.ts';
import type { RecoveryRules } from '../common/rollout/recover.ts';
import type { RollBackRequest } from '../common/rollout/rollback.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import type { Checked } from './checked-inputs.ts';
import { deliveryOf, isManual } from './delivery.ts';
import type { Inputs } from './inputs.gen.ts';

type RunContext = Pick<TaskContext, 'variable' | 'variableNames'>;

/** What is deployed, where. */
interface Deployment {
  readonly release: ReleaseName;
  readonly chart: ChartToDeploy;
  readonly valuesFile: string;
  readonly handoff: Handoff | undefined;
  readonly approvers: readonly Approver[];
}

/** Warns of what this helm does otherwise than asked. @throws TaskError for what it cannot do. */
export function checkHelm(version: string, inputs: Inputs, { log }: Pick<TaskContext, 'log'>): void {
  const wishes = { strategy: given(inputs, 'waitStrategy'), forceConflicts: given(inputs, 'forceConflicts') };
  for (const warning of checkWishes(version, wishes)) log.warning(warning);
}

/** The inputs as a roll-out wants them. */
export function deployRequest(
  { release, chart, valuesFile, handoff, approvers }: Deployment,
  inputs: Inputs,
  checked: Checked,
  context: RunContext,
): DeployRequest {
  return {
    ...rules(inputs, checked),
    release,
    chart: chart.archive,
    valuesFile,
    skipCrds: inputs.skipCrds,
    takeOwnership: inputs.takeOwnership,
    runTests: inputs.runTests,
    onFailure: given(inputs, 'onFailure'),
    labels: deliveryOf(handoff, chart.digest, approvers, context),
    older: { ifOlder: given(inputs, 'ifOlder'), isManual: isManual(context) },
  };
}

/** The inputs as a roll-back wants them. */
export function rollBackRequest(
  { release, approvers }: Pick<Deployment, 'release' | 'approvers'>,
  inputs: Inputs,
  checked: Checked,
  context: RunContext,
): RollBackRequest {
  const { deployRun, approver } = deliveryOf(undefined, undefined, approvers, context);
  const toRevision = { input: 'toRevision', value: checked.toRevision };
  return { ...rules(inputs, checked), release, toRevision, deployer: { deployRun, approver } };
}

function rules(inputs: Inputs, { timeoutMs, waitForOtherMs }: Checked): RecoveryRules {
  return {
    wait: {
      timeoutSeconds: timeoutMs / 1000,
      strategy: inputs.wait ? inputs.waitStrategy : 'hookOnly',
      forJobs: inputs.wait && inputs.waitForJobs,
    },
    historyMax: inputs.historyMax,
    forceConflicts: inputs.forceConflicts,
    waitForOther: { input: 'waitForOther', value: waitForOtherMs / 60_000 },
  };
}
