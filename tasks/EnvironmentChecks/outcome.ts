import type { TaskContext } from '../common/task/context.ts';
import type { Outcome } from '../common/task/outcome.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { type Names, pageOf } from './report.ts';
import type { Work } from './work.ts';

/** What the work was about. */
interface About {
  /** Name of the file. */
  readonly file: string;
  /** How many environments it has. */
  readonly total: number;
  readonly names: Names;
}

/** Sets the outputs, and says how the step ends. */
export function outcomeOf(work: Work, about: About, inputs: Inputs, context: TaskContext<Output>): Outcome {
  const { rows, failures, changed, ids } = work;
  context.setOutput('checksChanged', String(changed));
  context.setOutput('driftFound', String(rows.length + failures.length > 0));
  context.setOutput('environmentId', ids.join(','));
  const isApply = inputs.mode === 'apply';
  // What was refused is told as a failure.
  const left = rows.filter(({ isLeft, drift: { step } }) => isLeft && !(isApply && step !== undefined)).length;
  const message = isApply ? applied(work, left, about) : compared(work, about);
  const ofDrift = inputs.onDrift === 'warn' ? 'SucceededWithIssues' : 'Failed';
  const result = failures.length > 0 ? 'Failed' : left > 0 ? ofDrift : 'Succeeded';
  return { message, result, summary: pageOf(message, work, about.names) };
}

function compared({ rows }: Work, about: About): string {
  const differing = new Set(rows.map(({ environment }) => environment)).size;
  if (differing === 0) return asWanted(about);
  // An environment is not listed for somebody without a role on it, so that it looks as if there were none.
  const isMissing = rows.some(({ drift }) => drift.step?.kind === 'create');
  return (
    `${counted(rows.length, 'difference')} from ${about.file}, in ${differing} of ${counted(about.total, 'environment')}: run this ` +
    `step with mode apply, or correct the file.${isMissing ? ' An environment that the identity of this step may not see (role Reader) counts as none.' : ''}`
  );
}

function applied({ failures, unseen, made, described, changed }: Work, left: number, about: About): string {
  const all = counted(about.total, 'environment');
  const parts = [
    made === 0 ? '' : `${counted(made, 'environment')} made.`,
    described === 0 ? '' : `${counted(described, 'description')} changed.`,
    changed === 0 ? '' : `${counted(changed, 'check or permission', 'checks and permissions')} changed.`,
    left === 0 ? '' : `${counted(left, 'difference')} left, which this step may not take away: see the table.`,
    failures.length === 0
      ? ''
      : `${failures.length + unseen} of ${all} could not be made as ${about.file} says: the errors say why.`,
    unseen === 0 ? '' : `${counted(unseen, 'environment')} after that ${unseen === 1 ? 'was' : 'were'} not seen to.`,
  ];
  return parts.filter(Boolean).join(' ') || `Nothing to change: ${asWanted(about)}`;
}

const asWanted = ({ file, total }: About): string =>
  `${counted(total, 'environment')} ${total === 1 ? 'is' : 'are'} as ${file} says.`;

const counted = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`;
