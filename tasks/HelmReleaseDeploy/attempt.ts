import type { ChartToDeploy } from '../common/chart/source/chart-to-deploy.ts';
import type { OpenCluster } from '../common/cluster/open-cluster.ts';
import type { RolloutFacts } from '../common/diagnosis/report.ts';
import type { Approver } from '../common/devops/index.ts';
import type { Handoff } from '../common/handoff/index.ts';
import type { ReleaseName } from '../common/rollout/history.ts';

/** What is known of a step's work at a release, more and more while it goes: the page tells it, however the step ends. */
export interface Attempt {
  readonly startedAt: Date;
  /** Undefined until the chart gives it its name. */
  release: ReleaseName | undefined;
  cluster: OpenCluster | undefined;
  /** The chart that is to be deployed; undefined for a roll-back. */
  chart: Pick<ChartToDeploy, 'name' | 'version' | 'reference'> | undefined;
  handoff: Handoff | undefined;
  /** Who approved; empty where no approval is required, or where it is not known. */
  approvers: readonly Approver[];
  /** What was seen of the roll-out; undefined where nobody looks on. */
  facts: () => RolloutFacts | undefined;
}

export function newAttempt(release: ReleaseName | undefined): Attempt {
  return {
    startedAt: new Date(),
    release,
    cluster: undefined,
    chart: undefined,
    handoff: undefined,
    approvers: [],
    facts: () => undefined,
  };
}
