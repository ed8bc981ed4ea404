import type { TaskResult } from '../../step-result.ts';
import type { FunctionOfRun } from '../expressions/functions.ts';
import { ExpressionError, needText, type Value } from '../expressions/value.ts';

/** What a status function of a stage or job looks at. */
export interface Predecessors {
  /** Results of all that it depends on, directly or not, by name in lower case. */
  readonly results: ReadonlyMap<string, TaskResult>;
  /** The run was cancelled. */
  readonly canceled: boolean;
}

const good: readonly TaskResult[] = ['Succeeded', 'SucceededWithIssues'];
const ran: readonly TaskResult[] = [...good, 'Failed'];
const everything = Number.MAX_SAFE_INTEGER;

/**
 * `succeeded()` and the like of a stage or job. They look at indirect dependencies too, so that a stage is skipped whose
 * dependency ran although something before it was skipped (azure-devops-docs#12616).
 */
export function statusesOfGraph({ results, canceled }: Predecessors): Map<string, FunctionOfRun> {
  const chosen = (names: readonly Value[]): TaskResult[] =>
    names.length === 0 ? [...results.values()] : names.map((name) => resultOf(needText(name), results));
  return new Map([
    ['always', status(0, () => true)],
    ['canceled', status(0, () => canceled)],
    [
      'succeeded',
      status(everything, (...names) => !canceled && chosen(names).every((result) => good.includes(result))),
    ],
    ['failed', status(everything, (...names) => chosen(names).includes('Failed'))],
    [
      'succeededorfailed',
      status(everything, (...names) => {
        const among = chosen(names);
        return !canceled && (among.length === 0 || among.some((result) => ran.includes(result)));
      }),
    ],
  ]);
}

/** The same functions in the condition of a step: they look at the job so far. */
export function statusesOfJob(jobStatus: TaskResult): Map<string, FunctionOfRun> {
  return new Map([
    ['always', status(0, () => true)],
    ['canceled', status(0, () => jobStatus === 'Canceled')],
    ['succeeded', status(0, () => good.includes(jobStatus))],
    ['failed', status(0, () => jobStatus === 'Failed')],
    ['succeededorfailed', status(0, () => ran.includes(jobStatus))],
  ]);
}

function status(to: number, play: FunctionOfRun['play']): FunctionOfRun {
  return { from: 0, to, play };
}

function resultOf(name: string, results: ReadonlyMap<string, TaskResult>): TaskResult {
  const result = results.get(name.toLowerCase());
  if (result === undefined) throw new ExpressionError(`'${name}' is not among the dependencies of this condition`);
  return result;
}

/** What a stage makes of its jobs, or a job of its parts. All skipped, it is skipped itself. */
export function combined(results: readonly TaskResult[]): Exclude<TaskResult, 'Abandoned'> {
  const played = results.filter((result) => result !== 'Skipped');
  if (played.length === 0) return results.length === 0 ? 'Succeeded' : 'Skipped';
  if (played.some((result) => result === 'Failed' || result === 'Abandoned')) return 'Failed';
  if (played.includes('Canceled')) return 'Canceled';
  return played.includes('SucceededWithIssues') ? 'SucceededWithIssues' : 'Succeeded';
}

export function isGood(result: TaskResult): boolean {
  return good.includes(result);
}
