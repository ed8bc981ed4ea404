import type { TaskContext } from '../common/task/context.ts';
import type { Outcome } from '../common/task/outcome.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { type Names, pageOf } from './report.ts';
import type { Work } from './work.ts';

/** Sets the outputs, and says how the step ends. @param total environments of the file */
export function outcomeOf(
  work: Work,
  total: number,
  names: Names,
  inputs: Inputs,
  context: TaskContext<Output>,
): Outcome {
  const { rows, failures, changed, ids } = work;
  context.setOutput('checksChanged', String(changed));
  context.setOutput('driftFound', String(rows.length + failures.length > 0));
  context.setOutput('environmentId', ids.join(','));
  const left = rows.filter(({ isLeft }) => isLeft).length;
  const message = inputs.mode === 'apply' ? applied(work, left, total, inputs) : compared(work, total, inputs);
  const ofDrift = inputs.onDrift === 'warn' ? 'SucceededWithIssues' : 'Failed';
  const result = failures.length > 0 ? 'Failed' : left > 0 ? ofDrift : 'Succeeded';
  return { message, result, summary: pageOf(message, rows, names) };
}

function compared({ rows }: Work, total: number, { file }: Inputs): string {
  const differing = new Set(rows.map(({ environment }) => environment)).size;
  if (differing === 0) return `${counted(total, 'environment')} as ${file} says.`;
  return (
    `${counted(rows.length, 'difference')} from ${file}, in ${differing} of ${counted(total, 'environment')}: run this step with ` +
    'mode apply, or correct the file.'
  );
}

function applied({ failures, made, changed }: Work, left: number, total: number, { file }: Inputs): string {
  const [first] = failures;
  const parts = [
    changed + made === 0
      ? ''
      : `${counted(made, 'environment')} made, ${counted(changed, 'check or permission', 'checks and permissions')} changed.`,
    left === 0 ? '' : `${counted(left, 'difference')} left, which this step may not take away: see the table.`,
    first === undefined ? '' : `${failures.length} of ${counted(total, 'environment')} could not be made so. ${first}`,
  ].filter(Boolean);
  return parts.join(' ') || `Nothing to change: ${counted(total, 'environment')} as ${file} says.`;
}

const counted = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`;
