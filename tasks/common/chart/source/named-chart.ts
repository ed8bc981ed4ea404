import semver from 'semver';
import { checkOneChart, parseChartReference, versionOfTag } from '../../registry/reference.ts';
import type { Given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { checkTakenVersion, repositoryComponent } from '../metadata/identity.ts';
import { repositoryAddress } from './repository-address.ts';

/** The inputs that name a chart. */
export interface ChartNames {
  /** `oci://…`, a path of an archive or a folder, or a mere name beside `repository`. */
  readonly chart: Given<string>;
  /** The https address of a chart repository. */
  readonly repository: Given<string | undefined>;
  readonly version: Given<string | undefined>;
}

/** One chart, by where it is. */
export type NamedChart =
  | {
      readonly from: 'registry';
      readonly loginServer: string;
      readonly repository: string;
      readonly version: string | undefined;
      readonly digest: string | undefined;
    }
  | { readonly from: 'repository'; readonly name: string; readonly repository: string; readonly version: string }
  | { readonly from: 'path'; readonly path: string; readonly version: string | undefined };

/**
 * Which chart the inputs name; nothing is looked at yet.
 * @throws TaskError with what was given, and the form that it takes instead
 */
export function namedChart(names: ChartNames): NamedChart {
  const { chart, repository, version } = names;
  const { value } = chart;
  checkOneChart(chart);
  const exact = version.value === undefined ? undefined : exactVersion(version.value, `input ${version.input}`);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value) ?? [];
  if (scheme !== undefined && scheme !== 'oci') throw otherScheme(names, scheme);
  if (repository.value !== undefined) return inRepository(names, repository.value, exact);
  if (scheme === 'oci') return inRegistry(names, exact);
  if (/^[\w-]+(\.[\w-]+)+(:\d+)?\/[^\\]*[:@][^\\/]+$/.test(value)) {
    throw new TaskError(`Input ${chart.input} is ${shown(value)}; a chart in a registry begins with oci://.`);
  }
  return { from: 'path', path: value, version: exact };
}

function otherScheme({ chart, repository, version }: ChartNames, scheme: string): TaskError {
  const what = `Input ${chart.input} is an address that begins with ${scheme.toLowerCase()}://`;
  if (scheme.toLowerCase() === 'oci') return new TaskError(`${what} in another spelling; write oci:// in lower case.`);
  if (scheme.toLowerCase() === 'file') return new TaskError(`${what}; give the path itself.`);
  if (!/^https?$/i.test(scheme)) return new TaskError(`${what}, which is no place for charts; give oci://… or a path.`);
  return new TaskError(
    `${what}. A chart of a chart repository is given by its name, with the repository's https address as input ` +
      `${repository.input} and a version as input ${version.input}; one in a registry begins with oci://.`,
  );
}

function inRegistry({ chart, version }: ChartNames, exact: string | undefined): NamedChart {
  const said = `Input ${chart.input} is ${shown(chart.value)}`;
  const { registry, repository, tag, digest } = parsed(chart);
  if (tag !== undefined && !/\d/.test(tag)) {
    throw new TaskError(
      `${said}, with the tag '${tag}', which may be another chart tomorrow and is no version: give a version such as ` +
        '1.2.3, or the digest (@sha256:…).',
    );
  }
  const ofReference =
    tag === undefined ? undefined : checkTakenVersion(versionOfTag(tag), `version in input ${chart.input}`);
  if (ofReference !== undefined && exact !== undefined && ofReference !== exact) {
    throw new TaskError(`${said}, and input ${version.input} is '${exact}'; leave one of the two versions out.`);
  }
  const wanted = ofReference ?? exact;
  if (wanted === undefined && digest === undefined) {
    throw new TaskError(
      `${said}, which names no version: add one, as in oci://${registry}/${repository}:1.2.3, or the digest (@sha256:…).`,
    );
  }
  return { from: 'registry', loginServer: registry, repository, version: wanted, digest };
}

function parsed({ input, value }: Given<string>): ReturnType<typeof parseChartReference> {
  try {
    return parseChartReference(value);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    throw new TaskError(`Input ${input}: ${error.message}`);
  }
}

function inRepository(
  { chart, repository, version }: ChartNames,
  address: string,
  exact: string | undefined,
): NamedChart {
  const said = `Input ${chart.input} is ${shown(chart.value)}`;
  const checked = repositoryAddress({ input: repository.input, value: address }, chart.input);
  if (!repositoryComponent.test(chart.value)) {
    throw new TaskError(
      `${said}, but beside input ${repository.input} it takes the mere name of a chart in that repository, such as ` +
        `ingress-nginx; for a chart from elsewhere leave ${repository.input} empty.`,
    );
  }
  if (exact === undefined) {
    throw new TaskError(
      `${said} of ${checked}, but input ${version.input} is empty: give one version, or every run might get another chart.`,
    );
  }
  return { from: 'repository', name: chart.value, repository: checked, version: exact };
}

/**
 * A version that only one chart has: all three numbers, with a `v` before them where the chart has it.
 * @param what how messages name it
 * @throws TaskError for a range, and for what is no version
 */
function exactVersion(version: string, what: string): string {
  if (/^v?\d+\.\d+\.\d+([-+]|$)/.test(version)) return checkTakenVersion(version, what);
  const fault = semver.validRange(version) === null ? 'which is no version' : 'which more than one version may fit';
  throw new TaskError(`The ${what} is ${shown(version)}, ${fault}: it must be exact, such as 1.2.3.`);
}
