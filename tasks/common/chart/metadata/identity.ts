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
  checkTakenVersion(metadata.version, 'version in Chart.yaml');
  return metadata;
}

/** @throws TaskError when no repository in a registry can end with this name */
export function checkChartName(name: string): void {
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
 * Checks the version that a chart is to get and returns it trimmed. Stricter than Helm, which takes `1.2` and `v1.2.3`:
 * such versions sort and match ranges in surprising ways later.
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
  if (!isStrict(version)) throw noVersion(version, what);
  return checkLength(version, what);
}

/**
 * Checks the version that a chart has already. Whatever Helm takes will do: charts of others are named `v1.15.3`.
 * @param what how messages name the value
 * @throws TaskError when Helm would refuse the version, or it is too long for a tag
 */
export function checkTakenVersion(version: string, what: string): string {
  if (!isTaken(version)) throw noVersion(version, what);
  return checkLength(version, what);
}

/** What is to be known of a version that Helm takes although it is not SemVer 2, a sentence; undefined for the others. */
export function versionWarning({ name, version }: Pick<ChartMetadata, 'name' | 'version'>): string | undefined {
  if (isStrict(version)) return undefined;
  return (
    `The version of the chart ${shown(name)} is ${shown(version)}, which is not SemVer 2: Helm pulls it by just this ` +
    'version, but finds it by no version range.'
  );
}

function isStrict(version: string): boolean {
  return /^\d/.test(version) && version === version.trim() && semver.valid(version) !== null;
}

/** By Masterminds/semver, NewVersion, which every Helm asks: a leading v, leading zeros, and one number or two will do. */
function isTaken(version: string): boolean {
  const [whole, rest = ''] = /^v?\d{1,19}(?:\.\d{1,19}){0,2}([-+].*)?$/.exec(version) ?? [];
  return whole !== undefined && isStrict(`1.0.0${rest}`);
}

function noVersion(version: string, what: string): TaskError {
  return new TaskError(
    `The ${what} is ${shown(version)}, which is not a SemVer 2 version such as 1.2.3, 1.2.3-rc.1 or 1.2.3+build.5${hint(version)}.`,
  );
}

/** A "+" becomes "_" in the tag, so the tag is as long as the version. */
function checkLength(version: string, what: string): string {
  if (version.length <= longestTag) return version;
  throw new TaskError(
    `The ${what} is ${shown(version)} with ${version.length} characters: it becomes a tag in the registry, which holds at most ${longestTag}.`,
  );
}

function hint(version: string): string {
  if (version === '') return ' (it is empty)';
  if (/(^|[.-])0\d+([.+-]|$)/.test(version)) return ' (a numeric part must not start with 0)';
  if (/^\d+(\.\d+)?$/.test(version)) {
    return ` (it needs three numbers: "${version}${version.includes('.') ? '.0' : '.0.0'}")`;
  }
  return '';
}
