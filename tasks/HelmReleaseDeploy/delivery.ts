import { type Approver, buildingRun } from '../common/devops/index.ts';
import type { Handoff } from '../common/handoff/index.ts';
import type { DeliveryLabels } from '../common/rollout/labels.ts';
import type { TaskContext } from '../common/task/context.ts';

type RunContext = Pick<TaskContext, 'variable' | 'variableNames'>;

/** What the release remembers: the CI run of the handoff, else of the pipeline's resource, and the run that deploys. */
export function deliveryOf(
  handoff: Handoff | undefined,
  digest: string | undefined,
  approvers: readonly Approver[],
  context: RunContext,
): DeliveryLabels {
  const ci = handoff?.run ?? buildingRun(context);
  return {
    ciProject: ci?.projectId,
    ciPipeline: ci && String(ci.pipelineId),
    ciRun: ci && String(ci.runId),
    deployRun: context.variable('Build.BuildId'),
    commit: ci?.commit,
    digest,
    // A label has room for one; who approved is asked only where an approval is required.
    approver: approvers[0]?.id,
  };
}

/** Whether a person started this run, and so chose what it deploys. */
export function isManual({ variable }: Pick<TaskContext, 'variable'>): boolean {
  return variable('Build.Reason')?.toLowerCase() === 'manual';
}
