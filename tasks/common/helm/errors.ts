import type { ToolFailure } from '../task/exec.ts';
import { TaskError } from '../task/outcome.ts';
import { masked, shortened } from '../text/shown.ts';
import type { RepositoryChart } from './pull.ts';

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
const unread = /^\.\.\.Unable to get an update from the "(.*)" chart repository \((.*)\):\s+(.*)$/gm;
/** What it fails with for want of that index, in which it finds the chart. */
const withoutIndex = /no cached repo(?:sitory)?(?: for (\S+))? found/;
const refused = /\b(401|403|unauthorized|denied|basic credential)\b/i;
/** For a range of versions helm lists the tags of a repository. */
const tagsRefused = /list of tags|\/tags\/list/;

/**
 * Why `helm dependency build` failed, with what helm only hints at.
 * @param advice how a private registry gets a sign-in, as a clause: `give a connection as …`
 */
export function explainDependencyFailure(failure: ToolFailure, advice: string): TaskError {
  const repositories = [...failure.stdout.matchAll(unread)].map(([, name, address, reason]) => ({
    name,
    told: `helm could not read the chart repository ${address}: ${reason}.`,
  }));
  const indexless = withoutIndex.exec(failure.stderr);
  if (indexless !== null) {
    const missed = repositories.find(({ name }) => name === indexless[1]) ?? repositories[0];
    if (missed !== undefined) return new TaskError(missed.told);
  }
  // Helm goes on without an index that it does not need, so it is not what the step failed for.
  const besides = repositories.map(({ told }) => ` Besides, ${told}`).join('');
  if (refused.test(failure.stderr)) return explainRefused(failure, advice, besides);
  return besides === '' ? failure : new TaskError(`${failure.message}.${besides}`);
}

function explainRefused({ message, stderr }: ToolFailure, advice: string, besides: string): TaskError {
  if (tagsRefused.test(stderr)) {
    return new TaskError(
      `${message}. For a range of versions helm lists the tags of the dependency, which is a right of its own: give the ` +
        'token metadata/read beside content/read in its scope map, or the identity AcrPull or Container Registry Repository ' +
        `Reader, or write one exact version in Chart.yaml.${besides}`,
    );
  }
  return new TaskError(
    `${message}. A private registry wants a connection that may pull from it (role AcrPull, or a token with ` +
      `content/read): ${advice}.${besides}`,
  );
}

/** What Go says of the proxy that stands for "plain http goes nowhere" (task/network.ts, noNetwork). */
const plainHttp = /proxyconnect tcp: dial tcp 127\.0\.0\.1:0/;

/** Why `helm pull` got no chart from a chart repository. */
export function explainPullFailure(failure: ToolFailure, { name, version, repository }: RepositoryChart): TaskError {
  const chart = `${name} ${version} from ${repository}`;
  const { stderr, message } = failure;
  if (plainHttp.test(stderr)) {
    return new TaskError(
      `${chart} is not taken: the repository leads to an address of plain http, where anybody on the way could change the ` +
        'chart. Ask its owner for https, or push the chart to your registry.',
    );
  }
  const told = shortened(stderr.trim() === '' ? message : stderr.trim().replace(/^Error: /, ''), longest);
  const advice = refused.test(stderr)
    ? 'A chart repository gets no sign-in from this task: push the chart to your registry, or give its archive'
    : "Check the chart's name and version, and that the address is the one for 'helm repo add', without index.yaml";
  return new TaskError(`helm could not get ${chart}: ${told}. ${advice}.`);
}
