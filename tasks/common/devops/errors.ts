import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

/** A failure of an Azure DevOps request in a pipeline author's terms. `what` completes "Azure DevOps did not ...". */
export function explainDevOpsError(error: unknown, what: string): TaskError {
  if (error instanceof TaskError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status === 'number') return explainRefusal(status, what, messageOf(error));
  // What the client makes of an answer that is no JSON, such as a page.
  if (/api location/.test(messageOf(error))) return explainRefusal(203, what, 'a page instead of data');
  return new TaskError(`Azure DevOps did not ${what}: ${visible(messageOf(error), 300)}. Run the step again.`);
}

/** The same for an answer seen as a status. */
export function explainRefusal(status: number, what: string, said = ''): TaskError {
  const answer = `Azure DevOps did not ${what} (HTTP ${status}${said === '' ? '' : `: ${visible(said, 300)}`})`;
  if ([203, 302, 401, 403].includes(status)) {
    return new TaskError(
      `${answer}. Give the build service identity of this project 'View builds' on the CI pipeline; for a pipeline of ` +
        "another project also turn off 'Limit job authorization scope to current project' in the project's settings.",
    );
  }
  if (status === 404) {
    return new TaskError(
      `${answer}. Either it does not exist (any more), or this pipeline may not see it: 'View builds' of the CI pipeline, ` +
        "and across projects 'Limit job authorization scope to current project', decide that.",
    );
  }
  return new TaskError(`${answer}. Run the step again later.`);
}
