import type { TaskContext } from '../task/context.ts';
import { eachInParallel } from '../task/parallel.ts';
import { TaskError } from '../task/outcome.ts';
import { shown } from '../text/shown.ts';
import { type Engine, EngineFailure } from './engine.ts';
import type { ManifestObject } from './objects.ts';
import type { Findings, Policy, Verdict } from './policies.ts';
import { roundsOf } from './rounds.ts';

/** As many at a time as show progress; an engine needs a second to start, and kyverno 10 ms for each with each object. */
const policiesAtOnce = 10;
const width = 2;

/** What became of a policy. */
export interface PolicyResult {
  readonly policy: Policy;
  /**
   * `failed`: some object is refused. `warned`: only rules that warn found something. `error`: the engine could not tell of
   * all. `skipped`: exceptions or conditions took all objects out. `unmatched`: it judged nothing. `unchecked`: no engine can
   * judge it on manifests.
   */
  readonly state: 'passed' | 'failed' | 'warned' | 'error' | 'skipped' | 'unmatched' | 'unchecked';
  readonly verdicts: readonly Verdict[];
  /** Why it was not judged, or not by the engine; empty for those that were. */
  readonly reason: string;
  /** What of a policy that was judged was not: rules that cannot be checked, and such that matched nothing; a clause each. */
  readonly lacks: readonly string[];
}

/**
 * Judges all objects by all policies. A policy that the engine cannot take spoils the others of its run, so these are run
 * again without it.
 * @throws TaskError when the engine can judge none of several policies
 */
export async function judge(
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
  engine: Engine,
  context: Pick<TaskContext, 'log' | 'signal'>,
): Promise<PolicyResult[]> {
  const rounds = roundsOf(objects);
  const judged = policies.filter(({ document }) => document !== undefined);
  const batches = inBatches(judged);
  let done = 0;
  const all = await eachInParallel(batches, width, async (batch) => {
    const findings: Findings[] = [];
    for (const round of rounds) findings.push(await judgeBatch(batch, round, engine, context.signal));
    done += batch.length;
    context.log.progress(done / judged.length, `${done} of ${judged.length} policies`);
    if (batches.length > 2) context.log.info(`${done} of ${judged.length} policies have judged.`);
    return findings;
  });
  const findings = all.flat();
  const faults = new Map(findings.flatMap((each) => [...each.faults]));
  const reasons = new Set(faults.values());
  if (judged.length > 1 && faults.size === judged.length && reasons.size === 1) {
    throw new TaskError(`Nothing can be judged: ${[...reasons].join('')}`);
  }
  const verdicts = new Map<Policy, Verdict[]>(policies.map((policy) => [policy, []]));
  for (const verdict of inOrder(findings, rounds.flat())) verdicts.get(verdict.policy)?.push(verdict);
  return policies.map((policy) => resultOf(policy, verdicts.get(policy) ?? [], faults.get(policy)));
}

/** The verdicts in the order of the objects: kyverno tells them in any. */
function inOrder(findings: readonly Findings[], objects: readonly ManifestObject[]): Verdict[] {
  const places = new Map(objects.map((object, index) => [object, index]));
  const placeOf = ({ object }: Verdict): number => places.get(object.owner ?? object) ?? objects.length;
  return findings.flatMap(({ verdicts }) => verdicts).sort((a, b) => placeOf(a) - placeOf(b));
}

function inBatches(policies: readonly Policy[]): Policy[][] {
  const count = Math.ceil(policies.length / policiesAtOnce);
  return Array.from({ length: count }, (_each, at) => policies.slice(at * policiesAtOnce, (at + 1) * policiesAtOnce));
}

async function judgeBatch(
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
  engine: Engine,
  signal: AbortSignal,
): Promise<Findings> {
  signal.throwIfAborted();
  try {
    return await engine(policies, objects);
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    if (policies.length === 1)
      return { verdicts: [], faults: new Map(policies.map((policy) => [policy, error.message])) };
  }
  const half = Math.ceil(policies.length / 2);
  const first = await judgeBatch(policies.slice(0, half), objects, engine, signal);
  const second = await judgeBatch(policies.slice(half), objects, engine, signal);
  const faults = new Map([...first.faults, ...second.faults]);
  return { verdicts: [...first.verdicts, ...second.verdicts], faults };
}

function resultOf(policy: Policy, verdicts: readonly Verdict[], fault: string | undefined): PolicyResult {
  const lacks = verdicts.length === 0 ? [] : [...policy.unchecked, ...idleRules(policy, verdicts)];
  const about = { policy, verdicts, reason: fault ?? '', lacks };
  const has = (result: Verdict['result']): boolean => verdicts.some((verdict) => verdict.result === result);
  if (policy.document === undefined) return { ...about, state: 'unchecked', reason: policy.unchecked.join('; ') };
  if (has('fail')) return { ...about, state: 'failed' };
  if (fault !== undefined || has('error')) return { ...about, state: 'error' };
  if (has('warn')) return { ...about, state: 'warned' };
  if (has('pass')) return { ...about, state: 'passed' };
  return { ...about, state: has('skip') ? 'skipped' : 'unmatched' };
}

function idleRules({ rules }: Policy, verdicts: readonly Verdict[]): string[] {
  const judged = new Set(verdicts.map(({ rule }) => rule));
  return rules.filter((rule) => !judged.has(rule)).map((rule) => `its rule ${shown(rule)} matched no object`);
}
