import { randomBytes } from 'node:crypto';
import { thisRun } from '../devops/this-run.ts';
import type { TaskContext } from '../task/context.ts';
import { shown, visible } from '../text/shown.ts';

const longestAddress = 300;
const ours = /^(https?:\/\/[^\s#]+)#[\da-f]{16}$/;

/**
 * The address of this run's page, and of this job's log in it where the job is known.
 * @throws TaskError outside a pipeline run
 */
export function runAddress(context: Pick<TaskContext, 'variable'>): string {
  const { organization, projectId, runId } = thisRun(context);
  const project = encodeURIComponent(context.variable('System.TeamProject') ?? projectId);
  const job = context.variable('System.JobId');
  const view = job === undefined ? '' : `&view=logs&j=${encodeURIComponent(job)}`;
  return `${organization}${project}/_build/results?buildId=${runId}${view}`;
}

/** Who holds a Lease: the address of the run, and a part that no other step and no other attempt has. */
export function newHolder(address: string): string {
  return `${address}#${randomBytes(8).toString('hex')}`;
}

/** A holder as people see it: the address of its run, or what somebody else wrote there. */
export function shownHolder(holder: string): string {
  const [, address] = ours.exec(holder) ?? [];
  return address === undefined ? shown(holder) : visible(address, longestAddress);
}
