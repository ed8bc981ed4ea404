import type { OpenCluster } from '../common/cluster/open-cluster.ts';
import { imagesOf } from '../common/rollout/workloads.ts';
import type { TaskContext } from '../common/task/context.ts';
import type { Outcome } from '../common/task/outcome.ts';
import type { Output } from './inputs.gen.ts';
import { type PageFacts, pageOf } from './page.ts';
import type { Workplace } from './workplace.ts';

interface Ended extends Omit<PageFacts, 'cluster' | 'images'> {
  readonly cluster: OpenCluster;
}

/** Sets the outputs, also of a roll-out that failed, and makes the page of it. */
export async function outcomeOf(
  { cluster, ...ended }: Ended,
  { client }: Pick<Workplace, 'client'>,
  context: TaskContext<Output>,
): Promise<Outcome> {
  const { end, release } = ended;
  const { before, after } = end;
  context.setOutput('releaseRevision', after === undefined ? '' : String(after.number));
  context.setForeignOutput('releaseStatus', after?.status ?? '');
  context.setOutput('previousRevision', before === undefined ? '' : String(before.number));
  context.setOutput('chartDigest', after?.labels.digest ?? '');
  const images = await imagesOf(release, client, context);
  const facts = { ...ended, images, cluster: cluster.access.cluster };
  return {
    message: end.message,
    result: end.failed ? 'Failed' : 'Succeeded',
    summary: pageOf(facts, context),
  };
}
