import semver from 'semver';
import { TaskError } from '../task/errors.ts';

/** The first version that pulls charts by digest (helm/helm, release notes of 3.17.0). */
const oldest = '3.17.0';
const supported = `>=${oldest}`;

/** Versions with defects that charts in registries run into. */
const knownBad: Readonly<Record<string, string>> = {
  '3.18.0': 'it cannot push versions with build metadata and sends no credentials on pull; use 3.18.1 or later',
};

/**
 * The versions of helm that a step may run.
 * @param wanted a version or range (`4.1.4`, `4.x`) from input helmVersion, or undefined for any supported one.
 * @throws TaskError when it is none, or one without a supported version.
 */
export function helmRange(wanted: string | undefined): string {
  if (wanted === undefined) return supported;
  const range = semver.validRange(wanted);
  if (range === null) {
    throw new TaskError(`Input helmVersion is '${wanted}'; it takes a version such as 4.1.4 or a range such as 4.x.`);
  }
  if (!semver.intersects(range, supported, { includePrerelease: true })) {
    throw new TaskError(`Input helmVersion asks for ${wanted}; this task needs ${oldest} or later.`);
  }
  const isExact = semver.parse(wanted) !== null;
  if (isExact || semver.subset(range, supported)) return wanted;
  return range
    .split('||')
    .map((part) => `${part.trim()} ${supported}`)
    .join(' || ');
}

/** What is known to be wrong with a version, a sentence; undefined for most. */
export function knownDefect(version: string): string | undefined {
  const defect = knownBad[version];
  return defect && `helm ${version} has known defects: ${defect}.`;
}
