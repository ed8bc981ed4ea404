import type { ToolFailure } from '../task/exec.ts';
import { TaskError } from '../task/outcome.ts';
import { masked } from '../text/known-secrets.ts';

/** More than this much of helm's words makes no message anybody reads; all of them are in the log. */
const longest = 1000;

/** What `helm lint` calls an error in a chart that `helm package` makes a good archive of, by its own reading of the field. */
const taken =
  /^Chart\.yaml: (?:(?:version|appVersion) should be of type string but it's of type \S+|apiVersion is required\b.*)$/;

/** The errors of `helm lint`, one after the other in one text each; empty where there are none. */
interface LintErrors {
  readonly faults: string;
  /** Those in fields that `helm package` writes anew, as it reads them: `appVersion: 6.0` becomes "6". */
  readonly taken: string;
}

/**
 * The errors in the output of `helm lint`. They stand on its standard output, among hints and warnings; Helm 4 goes on
 * with indented lines.
 */
export function explainLint(output: string): LintErrors {
  const found = output.match(/^\[ERROR\] .*(?:\r?\n[ \t]+.*)*/gm) ?? [];
  const errors = found.map((entry) =>
    entry
      .replace(/^\[ERROR\] (: )?/, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return {
    faults: together(errors.filter((error) => !taken.test(error))),
    taken: together(errors.filter((error) => taken.test(error))),
  };
}

function together(errors: readonly string[]): string {
  return masked(errors.join('; ')).slice(0, longest);
}

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
      'content/read): give it as azureSubscription, and the registry in dependencyRegistries, or as containerRegistry.',
  );
}
