import { TaskError } from '../task/errors.ts';
import type { ToolFailure } from '../task/exec.ts';

/** How helm tells that it could not read a repository's index: on its standard output, before it fails for another reason. */
const unread = /^\.\.\.Unable to get an update from the ".*" chart repository \((.*)\):\s+(.*)$/gm;
const refused = /\b(401|403|unauthorized|denied|basic credential)\b/i;

/** Why `helm dependency build` failed, with what helm only hints at. */
export function explainDependencyFailure(failure: ToolFailure): TaskError {
  const [repository] = failure.stdout.matchAll(unread);
  if (repository !== undefined) {
    return new TaskError(`helm could not read the chart repository ${repository[1]}: ${repository[2]}.`);
  }
  if (!refused.test(failure.stderr)) return failure;
  return new TaskError(
    `${failure.message}. A private registry wants a connection that may pull from it (role AcrPull, or a token with ` +
      'content/read): give it as azureSubscription or containerRegistry.',
  );
}
