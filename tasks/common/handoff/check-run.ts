import type { RunRecord } from '../devops/index.ts';
import { TaskError } from '../task/outcome.ts';
import { shown, visible } from '../text/shown.ts';
import { matchesWildcard } from '../text/wildcard.ts';
import type { HandoffRun } from './schema.ts';

/**
 * Whether Azure DevOps lets this run be deployed: it went well, on a branch that may be deployed.
 * @param allowedBranches patterns, where `*` stands for any characters.
 * @throws TaskError when not.
 */
export function checkRecord(record: RunRecord, allowedBranches: readonly string[]): void {
  const run = `The CI run ${visible(record.number)} (${record.id})`;
  if (record.outcome !== 'succeeded') {
    throw new TaskError(`${run} ${record.outcome}: only a run that succeeded as a whole is deployed.`);
  }
  const patterns = allowedBranches.map(wholeRef);
  if (!patterns.some((pattern) => matchesWildcard(pattern, record.branch))) {
    throw new TaskError(
      `${run} is of the branch ${shown(record.branch)}; input allowedBranches has ${patterns.join(', ')}.`,
    );
  }
}

/**
 * Whether the handoff was written by the run that it was found in.
 * @throws TaskError when it says otherwise.
 */
export function checkRun(run: HandoffRun, record: RunRecord): void {
  const compared = [
    ['project', run.projectId.toLowerCase(), record.projectId.toLowerCase()],
    ['run', run.runId, record.id],
    ['pipeline', run.pipelineId, record.pipelineId],
    ['branch', run.branch, record.branch],
    ['commit', run.commit, record.commit],
  ] as const;
  for (const [what, written, actual] of compared) {
    if (written === actual) continue;
    throw new TaskError(
      `variables.json was written for ${what} ${visible(String(written))}, but comes from ${what} ${visible(String(actual))}: ` +
        'it is the file of another run, or was edited. Publish it with HandoffPublish in the run itself.',
    );
  }
}

/** `main` is short for `refs/heads/main`, as in a pipeline's triggers. */
function wholeRef(branch: string): string {
  return branch.startsWith('refs/') || branch === '*' ? branch : `refs/heads/${branch}`;
}
