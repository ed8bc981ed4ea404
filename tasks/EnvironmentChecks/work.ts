import type { Log } from '../common/task/log.ts';
import { visible } from '../common/text/shown.ts';
import { type Applied, applyTo, RefusedWrite, type Writing } from './apply.ts';
import type { Drift, FoundState, WantedEnvironment } from './drift.ts';
import { driftOf } from './plan.ts';
import type { Pruning } from './pruning.ts';
import type { DriftRow } from './report.ts';

/** What a step found, and did. */
export interface Work {
  /** Every difference from the file. */
  readonly rows: readonly DriftRow[];
  /** Why an environment is not as it must be though it should have been made so. */
  readonly failures: readonly string[];
  /** How many environments were not looked after, since Azure DevOps was out of reach by then. */
  readonly unseen: number;
  /** How many environments were made. */
  readonly made: number;
  /** How many descriptions were changed. */
  readonly described: number;
  /** How many checks and permissions were added, changed or taken away. */
  readonly changed: number;
  /** Ids of the environments that are there, in the order of the file. */
  readonly ids: readonly number[];
}

export type States = ReadonlyMap<string, FoundState>;

/** Tells every difference; writes nothing. */
export function compare(wanted: readonly WantedEnvironment[], states: States, pruning: Pruning): Work {
  const rows = wanted.flatMap((each) =>
    driftOf(each, stateIn(states, each), pruning).map((drift) => ({
      environment: each.name,
      drift,
      state: drift.left ?? 'differs',
      isLeft: true,
    })),
  );
  return { rows, failures: [], unseen: 0, made: 0, described: 0, changed: 0, ids: idsOf(wanted, states) };
}

/**
 * One environment after the other; one that is refused does not keep the others from theirs, unless they would be refused
 * alike.
 */
export async function apply(
  wanted: readonly WantedEnvironment[],
  states: States,
  pruning: Pruning,
  writing: Writing,
  log: Log,
): Promise<Work> {
  const rows: DriftRow[] = [];
  const failures: string[] = [];
  const ids: number[] = [];
  let seenTo = 0;
  for (const each of wanted) {
    const { name } = each;
    log.progress(seenTo / wanted.length, `Environment ${name} (${seenTo + 1} of ${wanted.length})`);
    seenTo += 1;
    const ended = await applyTo(each, stateIn(states, each), pruning, writing).catch((error: unknown) => {
      writing.signal.throwIfAborted();
      if (error instanceof RefusedWrite) return error;
      throw error;
    });
    const own = rowsOf(name, ended);
    for (const row of own) rows.push(row);
    if (own.length > 0) log.info(`${seenTo}/${wanted.length} ${visible(name, 128)}: ${summaryOf(own)}`);
    if (!(ended instanceof RefusedWrite)) {
      ids.push(ended.environment.id);
      continue;
    }
    failures.push(ended.message);
    log.error(ended.message);
    if (ended.isOutage) break;
  }
  const steps = rows.filter(({ isLeft }) => !isLeft).map(({ drift }) => drift.step?.kind);
  const made = steps.filter((kind) => kind === 'create').length;
  const described = steps.filter((kind) => kind === 'describe').length;
  const changed = steps.length - made - described;
  return { rows, failures, unseen: wanted.length - seenTo, made, described, changed, ids };
}

function rowsOf(environment: string, { done, left }: Applied | RefusedWrite): DriftRow[] {
  return [
    ...done.map((drift) => ({ environment, drift, state: stateAfter(drift), isLeft: false })),
    ...left.map((drift) => ({
      environment,
      drift,
      state: drift.step === undefined ? `left: ${drift.left ?? ''}` : notDone,
      isLeft: true,
    })),
  ];
}

const notDone = 'not done';
const words = {
  create: 'made',
  add: 'added',
  change: 'changed',
  describe: 'changed',
  remove: 'taken away',
  permit: 'set',
};

function stateAfter({ step }: Drift): string {
  if (step === undefined) return '';
  return step.kind === 'permit' && !step.isPermitted ? words.remove : words[step.kind];
}

/** Such as `made Environment; added Approvals, Branch control`; why something was left stands in the table. */
function summaryOf(rows: readonly DriftRow[]): string {
  const byState = new Map<string, Set<string>>();
  for (const { state, isLeft, drift } of rows) {
    const word = isLeft && drift.step === undefined ? 'left' : state;
    byState.set(word, (byState.get(word) ?? new Set()).add(drift.what));
  }
  return [...byState].map(([word, whats]) => `${word} ${[...whats].join(', ')}`).join('; ');
}

const stateIn = (states: States, { name }: WantedEnvironment): FoundState =>
  states.get(name) ?? { environment: undefined, checks: [], permissions: undefined };

function idsOf(wanted: readonly WantedEnvironment[], states: States): number[] {
  return wanted.flatMap((each) => stateIn(states, each).environment?.id ?? []);
}
