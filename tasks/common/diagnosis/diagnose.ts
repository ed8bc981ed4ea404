import { visible } from '../text/shown.ts';
import type { ObjectName, ReleaseView } from '../watching/view.ts';
import type { Cause, Found } from './causes/cause.ts';
import { causes } from './causes/index.ts';
import { type Diagnosis, type Evidence, type Finding, type Rank, ranks } from './finding.ts';
import { Marked, type Match } from './marked.ts';
import { withHelmsWords } from './helm-words.ts';
import { evidenceOf, type Signal, type Troubled } from './signals.ts';
import { troubledOf } from './troubled.ts';

/** So much is shown of one object's evidence. */
const mostEvidence = 6;
const longestEvidence = 1000;

/** What helm says when its time is up. */
const timeUp = /timed out|deadline exceeded|not ready|took longer than/i;

/** A signal with the entry of the table that knows it. */
interface Known {
  readonly cause: Cause;
  readonly found: Found;
  readonly rank: Rank;
  /** Which of the entry's marks it has: the first ones tell more. */
  readonly mark: number;
}

/**
 * Why a roll-out fails: for each object of the release that is not ready the cause that keeps the others from showing, the
 * first one first. Only pods of the newest templates count, and only what was said since the run began.
 * @param said helm's words when it has failed; an empty text while it is at work, or where it has nothing to complain of
 * @param isOver whether the time for the roll-out is up: then nothing is normal any more that is not ready
 */
export function diagnose(view: ReleaseView, said: string, now: Date, isOver = timeUp.test(said)): Diagnosis {
  const marked = new Marked();
  const looked = withHelmsWords(troubledOf(view), said, view).map((troubled) => {
    const near = byObject(troubled.signals);
    const known = troubled.signals.flatMap((signal) =>
      knownAs({ signal, troubled, near: near.get(keyOf(signal)) ?? [], view, now, isOver }, marked.of(signal)),
    );
    return { troubled, known: known.sort(byTelling) };
  });
  const findings = looked.flatMap(({ known }) => findingIn(known)).sort(byPlace);
  const unexplained = looked.filter(({ known }) => known.length === 0).map(({ troubled }) => troubled);
  return {
    findings: withoutEchoes(findings),
    unexplained: unexplained.flatMap((each) => shownAsIs(each, findings, isOver)),
  };
}

const keyOf = ({ name: { kind, name } }: Signal): string => `${kind}/${name}`;

function byObject(signals: readonly Signal[]): ReadonlyMap<string, readonly Signal[]> {
  const found = new Map<string, Signal[]>();
  for (const signal of signals) {
    const known = found.get(keyOf(signal));
    if (known === undefined) found.set(keyOf(signal), [signal]);
    else known.push(signal);
  }
  return found;
}

/** Of each cause the first mark that counts. */
function knownAs(about: Omit<Found, 'groups' | 'owner'>, matches: readonly Match[]): Known[] {
  const known = new Map<Cause, Known>();
  for (const { cause, mark, rank, groups } of matches) {
    if (known.has(cause)) continue;
    const found: Found = { ...about, groups, owner: about.troubled.owner };
    if (cause.applies?.(found) ?? true) known.set(cause, { cause, found, rank: rank ?? cause.rank, mark });
  }
  return [...known.values()];
}

function byTelling(a: Known, b: Known): number {
  return placeOf(a.rank, a.cause.id) - placeOf(b.rank, b.cause.id) || a.mark - b.mark;
}

/** Where a cause stands: by its rank, then by its place in the table. */
const placeOf = (rank: Rank, id: string): number =>
  ranks.indexOf(rank) * causes.length + causes.findIndex((cause) => cause.id === id);

/** The first cause of an object; none when it may go away by itself yet, and all that is known besides is that it takes long. */
function findingIn(known: readonly Known[]): Finding[] {
  const isHeld = ({ cause, found }: Known): boolean => cause.holds?.(found) ?? false;
  const first = known.find((each) => !isHeld(each));
  if (first === undefined || (first.rank === 'time-out' && known.some(isHeld))) return [];
  const { cause, found, rank } = first;
  const same = known.filter((each) => each.cause === cause);
  const signals = same.flatMap((each) => [each.found.signal, ...(cause.besides?.(each.found) ?? [])]);
  const [evidence = shown(found.signal), ...more] = distinct([found.signal, ...signals]).map(shown);
  return [
    {
      cause: cause.id,
      rank,
      what: cause.what(found),
      fix: cause.fix(found),
      command: cause.command(found),
      owner: found.owner,
      count: new Set(
        same
          .map((each) => each.found.signal.name)
          .filter(isLike(found.signal.name))
          .map(({ name }) => name),
      ).size,
      evidence: [evidence, ...more],
      canMend:
        canMend(first) &&
        !known.some(({ rank: other, cause: { canMend: may } }) => other === 'time-out' && may === false),
    },
  ];
}

/** A claim and the pod that waits for it are one trouble. */
const isLike =
  ({ kind }: ObjectName) =>
  (other: ObjectName): boolean =>
    other.kind === kind;

const canMend = ({ cause: { canMend: may }, found }: Known): boolean => (typeof may === 'boolean' ? may : may(found));

function byPlace(a: Finding, b: Finding): number {
  const before = placeOf(a.rank, a.cause) - placeOf(b.rank, b.cause);
  return before || b.count - a.count || a.owner.name.localeCompare(b.owner.name);
}

/** Without a name helm tells what the cluster tells of an object, too, or that a hook failed which has a deeper cause. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const named = findings.filter(({ owner }) => owner.kind !== 'Release');
  const isEcho = ({ cause, rank }: Finding): boolean =>
    named.some((other) => other.cause === cause) || (rank === 'crash' && named.length > 0);
  return findings.filter((finding) => finding.owner.kind !== 'Release' || !isEcho(finding));
}

/** What fits no cause: shown for an object that has something to say, helm's words only when nothing else was found. */
function shownAsIs(
  { owner, signals }: Troubled,
  findings: readonly Finding[],
  isOver: boolean,
): Diagnosis['unexplained'] {
  const isTelling = ({ source, isUsual }: Signal): boolean =>
    source === 'helm' ? findings.length === 0 : source !== 'log' && (isOver || isUsual !== true);
  const telling = signals.filter(isTelling);
  return telling.length === 0 ? [] : [{ owner, evidence: distinct(telling).map(shown) }];
}

/** One of each text, the newest, and not too many. */
function distinct(signals: readonly Signal[]): Signal[] {
  const byText = new Map(signals.map((signal) => [sameness(signal), signal]));
  return [...byText.values()].slice(0, mostEvidence);
}

/**
 * Controllers tell again for each pod that they try to make, under another name, and some conditions repeat an event
 * (kubernetes, pkg/controller/controller_utils.go; client-go, tools/record/events_cache.go).
 */
function sameness({ where, reason, text }: Signal): string {
  if (text === '') return `${where}\n${reason}`;
  return text
    .replace(/^(?:\(combined from similar events\): )?(?:Error creating: )?/, '')
    .replaceAll(/"[\w.-]{1,253}-[a-z0-9]{5}"/g, '""')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]{8,20}Z/g, '');
}

function shown(signal: Signal): Evidence {
  const evidence = evidenceOf(signal);
  return { ...evidence, where: visible(evidence.where, 200), said: visible(evidence.said, longestEvidence) };
}
