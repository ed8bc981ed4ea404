import { codeBlock, folded, markdownText } from '../text/markdown.ts';
import { titleOf } from '../watching/view.ts';
import type { Diagnosis, Evidence, Finding } from './finding.ts';
import type { ReportedLog, RolloutFacts } from './report.ts';
import { line, lines, text } from './safe-text.ts';
import { statusTable } from './status-table.ts';
import { describe, word } from './words.ts';

/** In bytes, of each part of the page; together with what else a page has they make less than 100 kB. */
const room = {
  statuses: 16_000,
  findings: 28_000,
  unexplained: 10_000,
  timeline: 8000,
  logs: 16_000,
  log: 6000,
  blind: 2000,
};
const most = {
  rows: 25,
  findings: 20,
  logs: 10,
  blind: 20,
  evidence: 3,
  unexplained: 5,
  timeline: 60,
  lines: 40,
  commands: 3,
};
const longest = { sentence: 600, said: 600, line: 240 };

/** What a task adds to what was seen. */
export interface PageAround {
  readonly namespace: string;
  /** Markdown of its own under the causes; may be empty. */
  readonly advice: string;
}

/**
 * What was seen of a roll-out that failed, as Markdown for somebody who sees nothing else: how far the objects were, why, what
 * to do, and folded away what it was concluded from. All of it may be foreign: none of it is read as Markdown or HTML.
 */
export function diagnosisPage(facts: RolloutFacts, { namespace, advice }: PageAround): string {
  const { diagnosis, statuses, timeline, logs, blind } = facts;
  const { findings, unexplained } = diagnosis;
  const isOpen = findings.length + unexplained.length === 0;
  const parts = [
    section('When it failed', statuses.length === 0 ? '' : statusTable(statuses)),
    section('Why, and what to do', causes(findings)),
    advice,
    section(findings.length === 0 ? 'No known cause' : 'Besides, without a known cause', openQuestions(diagnosis)),
    isOpen ? section('No known cause', nothingFound(facts, namespace)) : '',
    timelinePart(timeline),
    fitting(logs.slice(0, most.logs).map(logPart), room.logs, 'logs'),
    notSeen(blind, findings.length > 0),
  ];
  return parts.filter(Boolean).join('\n\n');
}

const section = (title: string, content: string): string => (content === '' ? '' : `### ${title}\n\n${content}`);
const plain = (foreign: string): string => markdownText(line(foreign, longest.sentence), longest.sentence + 1);

/** As many as there is room for, and how many are left out. */
function fitting(parts: readonly string[], bytes: number, what: string, between = '\n\n', others = 0): string {
  const kept: string[] = [];
  let left = bytes;
  for (const part of parts) {
    left -= Buffer.byteLength(part) + between.length;
    if (left < 0) break;
    kept.push(part);
  }
  const more = parts.length - kept.length + others;
  return [...kept, ...(more > 0 ? [`And ${more} more ${what}.`] : [])].join(between);
}

function causes(findings: readonly Finding[]): string {
  const parts = findings.slice(0, most.findings).map((finding, index) => causePart(finding, index, findings.length));
  return fitting(parts, room.findings, 'causes', '\n\n', findings.length - parts.length);
}

function causePart({ cause, what, fix, command, count, evidence }: Finding, index: number, all: number) {
  const number = all === 1 ? '' : `${index + 1}\\. `;
  const said = `Evidence (${cause}${count > 1 ? `, the same on ${count} objects` : ''})`;
  return [
    `**${number}${plain(what)}**`,
    `What to do: ${plain(fix)}`,
    seeMore([command]),
    folded(said, evidenceBlocks(evidence)),
  ].join('\n\n');
}

function seeMore(commands: readonly string[]): string {
  return `To see more:\n\n${codeBlock(commands.map((command) => line(command, longest.sentence)).join('\n'))}`;
}

/** Each with its place and time, as the cluster or helm said it; what was said at one place stands together. */
function evidenceBlocks(evidence: readonly Evidence[]): string {
  const places = new Map<string, string[]>();
  for (const { object, where, said, at } of evidence.slice(0, most.evidence)) {
    const time = at === undefined ? '' : `, ${clock(at)}`;
    const place = where === 'helm' ? 'helm' : `${titleOf(object)}, ${where}${time}`;
    places.set(place, [...(places.get(place) ?? []), text(said, longest.said)]);
  }
  return [...places].map(([place, said]) => `${plain(place)}:\n\n${codeBlock(said.join('\n'))}`).join('\n\n');
}

function openQuestions({ findings, unexplained }: Diagnosis): string {
  const parts = unexplained.slice(0, most.unexplained).map(({ owner, evidence }) => {
    // Helm alone speaks of what has no object.
    if (owner.kind === 'Release') return evidenceBlocks(evidence);
    return [`**${plain(titleOf(owner))}**`, evidenceBlocks(evidence), seeMore([describe(owner)])].join('\n\n');
  });
  const shown = fitting(parts, room.unexplained, 'objects');
  if (parts.length === 0 || findings.length > 0) return shown;
  return `What is said fits none of the causes that this task knows. It is, in its own words:\n\n${shown}`;
}

function nothingFound({ statuses, blind }: RolloutFacts, namespace: string): string {
  const open = statuses.filter(({ health }) => health.state !== 'ready' && health.optional !== true);
  if (open.length > 0) {
    const commands = open.slice(0, most.commands).map(({ object }) => describe(object));
    return `No event and no container says why. If they only need longer, raise the time limit.\n\n${seeMore(commands)}`;
  }
  if (statuses.length > 0 || blind.length === 0) {
    return 'Nothing in the cluster says why: the reason is what is said at the top.';
  }
  const command = `kubectl get pods,events --namespace ${word(namespace, 'namespace')}`;
  return `The objects were not seen, so nothing but what is said at the top is known.\n\n${seeMore([command])}`;
}

function timelinePart(timeline: RolloutFacts['timeline']): string {
  const newest = timeline.slice(-most.timeline);
  const [first] = newest;
  if (first === undefined) return '';
  const told = newest.map(({ at, line: said }) => `${clock(at)}  ${line(said, longest.line)}`);
  return folded('Timeline', codeBlock(newestOf(told, room.timeline)));
}

function logPart({ pod, container, previous, tail }: ReportedLog): string {
  const before = previous === true ? ' before its restart' : '';
  const shown = newestOf(lines(tail, most.lines, longest.line), room.log);
  return folded(`Log of ${titleOf(pod)}, container ${container}${before}, the last lines`, codeBlock(shown));
}

/** Of interest where it hides the cause. */
function notSeen(blind: readonly string[], isKnown: boolean): string {
  const sentences = blind.slice(0, most.blind).map((each) => `- ${plain(each)}`);
  const list = fitting(sentences, room.blind, 'sentences', '\n');
  return isKnown && list !== '' ? folded(notSeenTitle, list) : section(notSeenTitle, list);
}

const notSeenTitle = 'What could not be seen';

/** The end of several lines: what came last is nearest to the cause. */
function newestOf(told: readonly string[], bytes: number): string {
  const kept = [...told];
  while (Buffer.byteLength(kept.join('\n')) > bytes) kept.shift();
  return kept.join('\n');
}

const clock = (at: Date): string => at.toISOString().slice(11, 19) + 'Z';
