import { KubernetesClient } from '../common/cluster/client.ts';
import type { OpenCluster } from '../common/cluster/open-cluster.ts';
import { type DiagnosisReport, reportJson, type RolloutFacts, unseen } from '../common/diagnosis/report.ts';
import type { RollOutEnd } from '../common/rollout/end.ts';
import { newest, readHistory, type ReleaseName, type Revision } from '../common/rollout/history.ts';
import { imagesOf } from '../common/rollout/workloads.ts';
import type { TaskContext } from '../common/task/context.ts';
import { type Outcome, TaskError } from '../common/task/outcome.ts';
import type { Attempt } from './attempt.ts';
import type { Output } from './inputs.gen.ts';
import { pageOf } from './page.ts';
import type { Workplace } from './workplace.ts';

/** The step is over but for its page. In ms. */
const lookMs = 10_000;

/** Sets the outputs, also of a roll-out that failed, and makes the page of it. */
export async function outcomeOf(
  end: RollOutEnd,
  release: ReleaseName,
  attempt: Attempt,
  { client }: Pick<Workplace, 'client'>,
  context: TaskContext<Output>,
): Promise<Outcome> {
  setOutputs(end, context);
  const facts = end.failed ? (attempt.facts() ?? unseen) : undefined;
  if (facts !== undefined) report({ ...facts, ...end, release }, attempt, context);
  const images = await imagesOf(release, client, context);
  return {
    message: end.message,
    result: end.failed ? 'Failed' : 'Succeeded',
    summary: pageOf({ ...attempt, release, end, facts, images, isKnown: true }, context),
  };
}

/**
 * The same for a step that could not go on, as where the chart, the values or another run's Lease stood in its way.
 * @throws what was thrown when it is a defect, the run was cancelled, or no release is known yet
 */
export async function outcomeOfRefusal(
  error: unknown,
  attempt: Attempt,
  context: TaskContext<Output>,
): Promise<Outcome> {
  const { release, cluster } = attempt;
  if (!(error instanceof TaskError) || release === undefined || context.signal.aborted) throw error;
  const { message } = error;
  const history = cluster && (await recordsOf(release, cluster, context));
  const now = { before: history && newest(history, 'deployed'), after: history?.at(-1) };
  const end = { failed: true, message, ...now, done: [] };
  setOutputs(end, context);
  const facts = attempt.facts();
  report({ ...(facts ?? { ...unseen, blind: [] }), message, release }, attempt, context);
  const page = { ...attempt, release, end, facts, images: [], isKnown: history !== undefined };
  return { message, result: 'Failed', summary: pageOf(page, context) };
}

async function recordsOf(
  release: ReleaseName,
  cluster: OpenCluster,
  context: TaskContext,
): Promise<readonly Revision[] | undefined> {
  const client = new KubernetesClient(cluster, context);
  try {
    return await readHistory(client, release, { signal: AbortSignal.timeout(lookMs) });
  } catch {
    // What stood in the step's way is told; most often it is the same again.
    return undefined;
  } finally {
    client.close();
  }
}

function setOutputs({ before, after }: Pick<RollOutEnd, 'before' | 'after'>, context: TaskContext<Output>): void {
  context.setOutput('releaseRevision', after === undefined ? '' : String(after.number));
  context.setForeignOutput('releaseStatus', after?.status ?? '');
  context.setOutput('previousRevision', before === undefined ? '' : String(before.number));
  context.setOutput('chartDigest', after?.labels.digest ?? '');
}

/** The diagnosis for machines: a file for later steps of the job, and an attachment for readers of the run. */
function report(
  seen: RolloutFacts & Pick<DiagnosisReport, 'release' | 'message'> & Pick<RollOutEnd, 'revision'>,
  { startedAt }: Attempt,
  context: TaskContext<Output>,
): void {
  const { release, revision } = seen;
  const attempts = ['System.StageAttempt', 'System.JobAttempt'].map((name) => context.variable(name) ?? '1');
  const file = context.addAttachment({
    type: 'helm-delivery.diagnosis',
    name: `${release.namespace}.${release.name}.${attempts.join('-')}.json`,
    fileName: 'diagnosis.json',
    content: reportJson({ ...seen, revision, startedAt, endedAt: new Date() }),
  });
  context.setOutput('diagnosisFile', file);
}
