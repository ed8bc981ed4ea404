import semver from 'semver';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import type { ChartMetadata } from './metadata.ts';

/** One component of a repository's name in the OCI distribution specification: what stands between two slashes. */
export const repositoryComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Helm's own limit for names of charts. */
const longestName = 250;

/**
 * Checks that a chart can stand in a registry: its name becomes the last component of the repository, its version the tag.
 * @throws TaskError with the reason when it cannot
 */
export function checkIdentity(metadata: ChartMetadata): ChartMetadata {
  checkChartName(metadata.name);
  return { ...metadata, version: checkChartVersion(metadata.version, 'version in Chart.yaml') };
}

function checkChartName(name: string): void {
  if (name.length > longestName) {
    throw new TaskError(
      `The name in Chart.yaml is ${shown(name)} with ${name.length} characters, at most ${longestName} are allowed.`,
    );
  }
  if (repositoryComponent.test(name)) return;
  const reason = repositoryComponent.test(name.toLowerCase())
    ? `registries allow no upper case in repository names. Write ${shown(name.toLowerCase())}`
    : 'it must be lower-case letters and digits, with single dots or underscores or with dashes between them';
  throw new TaskError(
    `The name in Chart.yaml is ${shown(name)}, which cannot become a repository in the registry: ${reason}.`,
  );
}

/** The longest tag that the OCI distribution specification allows. */
const longestTag = 128;

/**
 * Checks the version of a chart and returns it trimmed. Stricter than Helm, which takes `1.2` and `20261122.01`: such
 * versions sort and match ranges in surprising ways later.
 * @param what how messages name the value, for example `input chartVersion`
 * @throws TaskError when the version is not SemVer 2, starts with `v` or is too long for a tag
 */
export function checkChartVersion(text: string, what: string): string {
  const version = text.trim();
  const bare = version.replace(/^v/i, '');
  if (bare !== version && semver.valid(bare) !== null) {
    throw new TaskError(
      `The ${what} is ${shown(version)}: SemVer 2 has no leading "v", and Helm matches no version range with it. Write ${shown(bare)}.`,
    );
  }
  if (bare !== version || semver.valid(version) === null) {
    throw new TaskError(
      `The ${what} is ${shown(version)}, which is not a SemVer 2 version such as 1.2.3, 1.2.3-rc.1 or 1.2.3+build.5${hint(version)}.`,
    );
  }
  // A "+" becomes "_" in the tag, so the tag is as long as the version.
  if (version.length > longestTag) {
    throw new TaskError(
      `The ${what} is ${shown(version)} with ${version.length} characters: it becomes a tag in the registry, which holds at most ${longestTag}.`,
    );
  }
  return version;
}

function hint(version: string): string {
  if (version === '') return ' (it is empty)';
  if (/(^|[.-])0\d+([.+-]|$)/.test(version)) return ' (a numeric part must not start with 0)';
  if (/^\d+(\.\d+)?$/.test(version)) {
    return ` (it needs three numbers: "${version}${version.includes('.') ? '.0' : '.0.0'}")`;
  }
  return '';
}
