import type { OpenCluster } from '../common/cluster/open-cluster.ts';
import { diagnosisPage } from '../common/diagnosis/page.ts';
import type { RolloutFacts } from '../common/diagnosis/report.ts';
import type { Approver } from '../common/devops/index.ts';
import type { Handoff } from '../common/handoff/index.ts';
import type { RollOutEnd } from '../common/rollout/end.ts';
import type { ReleaseName, Revision } from '../common/rollout/history.ts';
import type { RunningImage } from '../common/rollout/workloads.ts';
import type { TaskContext } from '../common/task/context.ts';
import type { SummaryPage } from '../common/task/outcome.ts';
import { markdownTable, markdownText } from '../common/text/markdown.ts';

/** What a page tells of one step at a release. */
export interface PageFacts {
  readonly release: ReleaseName;
  /** Undefined where it could not be opened. */
  readonly cluster: { readonly access: Pick<OpenCluster['access'], 'cluster'> } | undefined;
  readonly end: RollOutEnd;
  /** Whether it is known what is there: the revisions of `end`. */
  readonly isKnown: boolean;
  /** What was seen of a roll-out that failed. */
  readonly facts: RolloutFacts | undefined;
  /** The chart that was to be deployed; undefined for a roll-back. */
  readonly chart: { readonly name: string; readonly version: string; readonly reference: string } | undefined;
  /** Undefined where they are not known. */
  readonly images: readonly RunningImage[] | undefined;
  readonly handoff: Handoff | undefined;
  readonly approvers: readonly Approver[];
}

/** In bytes. */
const mostBytes = 100_000;
const mostImages = 50;

/**
 * The page in the run's summary: how the step ended; where it failed why, and what to do; then what was there, what is there,
 * which images, who and when.
 */
export function pageOf(facts: PageFacts, context: Pick<TaskContext, 'variable'>): SummaryPage {
  const { release, end, isKnown, facts: seen } = facts;
  const done = end.done.filter((sentence) => !end.message.includes(sentence));
  const parts = [
    `**${end.failed ? 'Failed' : 'Succeeded'}.** ${plain(end.message)}`,
    seen === undefined ? '' : diagnosisPage(seen, { namespace: release.namespace, advice: advice(end, seen) }),
    isKnown ? revisions(end) : '',
    markdownTable(['What', 'Value'], around(facts, context)),
    done.length === 0 ? '' : `Besides:\n\n${done.map((sentence) => `- ${plain(sentence)}`).join('\n')}`,
    imageTable(facts),
  ];
  const title = `Release ${release.name} in ${release.namespace}`.replace(/[^A-Za-z0-9 -]/g, '-');
  return { title, markdown: `${fitting(parts.filter(Boolean)).join('\n\n')}\n` };
}

/** What comes first is what people look for. */
function fitting(parts: readonly string[]): string[] {
  let left = mostBytes - 1;
  return parts.filter((part) => {
    const size = Buffer.byteLength(part) + 2;
    if (size > left) return false;
    left -= size;
    return true;
  });
}

/** Commands that look at pods which are gone find nothing. */
const ofPods = /^kubectl (?:logs|exec|top|describe pod|get pod)\b/;

function advice({ revision, after }: RollOutEnd, { diagnosis }: RolloutFacts): string {
  const isOfPods = diagnosis.findings.some(({ command }) => ofPods.test(command));
  if (!isOfPods || revision === undefined || after?.number === revision) return '';
  return (
    `Revision ${revision} was undone, so its pods are gone, and commands that name them find nothing now. To look at them in ` +
    'the cluster, deploy again with `onFailure: keep`.'
  );
}

function revisions({ before, after }: RollOutEnd): string {
  const rows: [string, Revision | undefined][] = [
    ['Before', before],
    ['Now', after],
  ];
  return markdownTable(
    ['', 'Revision', 'Status', 'Chart digest', 'CI run', 'Commit', 'Deployed by run', 'Since'],
    rows.map(([when, revision]) => [when, ...revisionCells(revision)]),
  );
}

function revisionCells(revision: Revision | undefined): string[] {
  if (revision === undefined) return ['none', '', '', '', '', '', ''];
  const { number, status, labels, createdAt } = revision;
  const { digest = '', ciRun = '', commit = '', deployRun = '' } = labels;
  return [String(number), status, digest, ciRun, commit.slice(0, 12), deployRun, timeOf(createdAt)];
}

const timeOf = (date: Date | undefined): string => date?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '';

function around(
  { cluster, release, chart, approvers }: PageFacts,
  { variable }: Pick<TaskContext, 'variable'>,
): string[][] {
  const who = variable('Build.RequestedFor');
  const run = variable('Build.BuildNumber');
  return [
    ['Cluster and namespace', `${cluster?.access.cluster ?? 'not opened'}, ${release.namespace}`],
    ...(chart === undefined ? [] : [['Chart', `${chart.name} ${chart.version} (${chart.reference})`]]),
    ...(who === undefined ? [] : [['Started by', who]]),
    ...(run === undefined ? [] : [['In run', run]]),
    ...(approvers.length === 0 ? [] : [['Approved by', approvers.map(({ name }) => name).join(', ')]]),
  ];
}

function imageTable({ images, handoff }: PageFacts): string {
  if (images === undefined)
    return 'The images are not known: the identity may not list the workloads of the namespace.';
  if (images.length === 0) return '';
  const rows = images
    .slice(0, mostImages)
    .map(({ workload, container, image }) => [workload, container, image, digestOf(image, handoff)]);
  const table = markdownTable(['Workload', 'Container', 'Image', 'Digest'], rows);
  return images.length > mostImages ? `${table}\n\nAnd ${images.length - mostImages} more.` : table;
}

/** The digest in the image's own name, else the one that the handoff has for this tag. */
function digestOf(image: string, handoff: Handoff | undefined): string {
  const [, own] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  const known = handoff?.images.find(({ repository, tag }) => `${repository}:${tag}` === image);
  return own ?? known?.digest ?? 'by tag only';
}

/** A paragraph's worth of it. */
const plain = (text: string): string => markdownText(text, 2000);
