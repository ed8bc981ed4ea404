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
  readonly cluster: string;
  readonly end: RollOutEnd;
  /** The chart that was to be deployed; undefined for a roll-back. */
  readonly chart: { readonly name: string; readonly version: string; readonly reference: string } | undefined;
  /** Undefined where they are not known. */
  readonly images: readonly RunningImage[] | undefined;
  readonly handoff: Handoff | undefined;
}

/** The page in the run's summary: what was there, what is there, which images, who and when. */
export function pageOf(facts: PageFacts, context: Pick<TaskContext, 'variable'>): SummaryPage {
  const { release, end } = facts;
  const parts = [
    `**${end.failed ? 'Failed' : 'Succeeded'}.** ${plain(end.message)}`,
    revisions(end),
    markdownTable(['What', 'Value'], around(facts, context)),
    end.done.length === 0 ? '' : `Besides:\n\n${end.done.map((done) => `- ${plain(done)}`).join('\n')}`,
    imageTable(facts),
  ];
  const title = `Release ${release.name} in ${release.namespace}`.replace(/[^A-Za-z0-9 -]/g, '-');
  return { title, markdown: `${parts.filter(Boolean).join('\n\n')}\n` };
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

function around({ cluster, release, chart }: PageFacts, { variable }: Pick<TaskContext, 'variable'>): string[][] {
  const who = variable('Build.RequestedFor');
  const run = variable('Build.BuildNumber');
  return [
    ['Cluster and namespace', `${cluster}, ${release.namespace}`],
    ...(chart === undefined ? [] : [['Chart', `${chart.name} ${chart.version} (${chart.reference})`]]),
    ...(who === undefined ? [] : [['Started by', who]]),
    ...(run === undefined ? [] : [['In run', run]]),
  ];
}

function imageTable({ images, handoff }: PageFacts): string {
  if (images === undefined)
    return 'The images are not known: the identity may not list the workloads of the namespace.';
  if (images.length === 0) return '';
  const rows = images.map(({ workload, container, image }) => [workload, container, image, digestOf(image, handoff)]);
  return markdownTable(['Workload', 'Container', 'Image', 'Digest'], rows);
}

/** The digest in the image's own name, else the one that the handoff has for this tag. */
function digestOf(image: string, handoff: Handoff | undefined): string {
  const [, own] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  const known = handoff?.images.find(({ repository, tag }) => `${repository}:${tag}` === image);
  return own ?? known?.digest ?? 'by tag only';
}

/** A paragraph's worth of it. */
const plain = (text: string): string => markdownText(text, 2000);
