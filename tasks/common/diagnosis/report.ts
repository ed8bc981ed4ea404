import type { Health } from '../health/health.ts';
import type { ReleaseName } from '../rollout/history.ts';
import type { ObjectName } from '../watching/view.ts';
import type { Diagnosis, Evidence } from './finding.ts';
import { Cut } from './cut.ts';
import { line, lines, text } from './safe-text.ts';

/** How far an object was when the roll-out failed. */
export interface Status {
  readonly object: ObjectName;
  readonly health: Health;
  /** When helm runs it, for a hook. */
  readonly hook?: string | undefined;
}

/** The end of what a container printed. */
export interface ReportedLog {
  readonly pod: ObjectName;
  readonly container: string;
  /** Whether it is of the container before its last restart. */
  readonly previous?: boolean;
  /** Lines, the newest last. */
  readonly tail: readonly string[];
}

/** What was seen of a roll-out, before anything of it was undone. */
export interface RolloutFacts {
  readonly diagnosis: Diagnosis;
  readonly statuses: readonly Status[];
  /** What was told while it went, oldest first. */
  readonly timeline: readonly { readonly at: Date; readonly line: string }[];
  readonly logs: readonly ReportedLog[];
  /** What could not be seen, a sentence each. */
  readonly blind: readonly string[];
}

/** A roll-out or a roll-back that failed, for the page and for machines. All of it may be foreign text. */
export interface DiagnosisReport extends RolloutFacts {
  readonly release: ReleaseName;
  /** The revision that failed; undefined where helm made none. */
  readonly revision: number | undefined;
  /** How the step ended, in a few sentences. */
  readonly message: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The facts where nobody looked on. */
export const unseen: RolloutFacts = {
  diagnosis: { findings: [], unexplained: [] },
  statuses: [],
  timeline: [],
  logs: [],
  blind: ['The roll-out was not watched.'],
};

/** The most of each list, and the longest texts. docs/diagnosis.schema.json says the same. */
const most = {
  statuses: 200,
  findings: 20,
  evidence: 6,
  unexplained: 10,
  timeline: 200,
  logs: 10,
  lines: 60,
  blind: 20,
};
const longest = { message: 2000, sentence: 1000, said: 1000, name: 253, line: 400 };

/**
 * The report as JSON for machines, in the form of docs/diagnosis.schema.json: known secrets are masked before any cut, nothing
 * is in it that a terminal or the agent would act on, and it has less than 4 MB whatever the cluster says.
 */
export function reportJson(report: DiagnosisReport): string {
  const cut = new Cut();
  const { release, revision, message, startedAt, endedAt, diagnosis, statuses, timeline, logs, blind } = report;
  const whole = {
    schemaVersion: 1,
    release: line(release.name, longest.name),
    namespace: line(release.namespace, longest.name),
    revision,
    result: 'failed',
    message: text(message, longest.message),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    statuses: cut.first('statuses', statuses, most.statuses).map(statusJson),
    findings: cut.first('findings', diagnosis.findings, most.findings).map(findingJson),
    unexplained: cut
      .first('unexplained', diagnosis.unexplained, most.unexplained)
      .map(({ owner, evidence }) => ({ owner: nameJson(owner), evidence: evidenceJson(evidence) })),
    timeline: cut
      .last('timeline', timeline, most.timeline)
      .map(({ at, line: said }) => ({ at: at.toISOString(), text: line(said, longest.line) })),
    logs: cut.first('logs', logs, most.logs).map(logJson),
    blind: cut.first('blind', blind, most.blind).map((sentence) => line(sentence, longest.sentence)),
    omitted: cut.omitted,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function nameJson({ kind, namespace, name }: ObjectName) {
  return { kind: line(kind, longest.name), namespace: line(namespace, longest.name), name: line(name, longest.name) };
}

function statusJson({ object, health: { state, ready, wanted, why, optional }, hook }: Status) {
  const health = { state, ready, wanted, why: line(why, longest.sentence), optional };
  return { object: nameJson(object), health, hook: hook === undefined ? undefined : line(hook, longest.name) };
}

function findingJson({
  cause,
  rank,
  what,
  fix,
  command,
  owner,
  count,
  canMend,
  evidence,
}: Diagnosis['findings'][number]) {
  return {
    cause,
    rank,
    what: line(what, longest.sentence),
    fix: line(fix, longest.sentence),
    command: line(command, longest.sentence),
    owner: nameJson(owner),
    count,
    canMend,
    evidence: evidenceJson(evidence),
  };
}

function evidenceJson(evidence: readonly Evidence[]) {
  return evidence.slice(0, most.evidence).map(({ object, where, said, at }) => ({
    object: nameJson(object),
    where: line(where, longest.name),
    said: text(said, longest.said),
    at: at?.toISOString(),
  }));
}

function logJson({ pod, container, previous, tail }: ReportedLog) {
  return {
    pod: nameJson(pod),
    container: line(container, longest.name),
    previous,
    lines: lines(tail, most.lines, longest.line),
  };
}
