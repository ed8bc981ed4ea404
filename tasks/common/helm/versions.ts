import semver from 'semver';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';

/** What of helm a step needs. */
export interface HelmNeeds {
  /** The versions that it may run. */
  readonly range: string;
  /** The same in words, as in `this task needs …`. */
  readonly told: string;
}

/** The first version that pulls charts by digest (helm/helm, release notes of 3.17.0). */
const oldest = '3.17.0';

/** What packaging a chart takes. */
export const toPackage: HelmNeeds = { range: `>=${oldest}`, told: `${oldest} or later` };

/** Versions with defects that charts in registries run into. */
const knownBad: Readonly<Record<string, string>> = {
  '3.18.0': 'it cannot push versions with build metadata and sends no credentials on pull; use 3.18.1 or later',
};

/**
 * The versions of helm that a step may run.
 * @param asked a version or range (`4.1.4`, `4.x`) with the input that gives it; any that fits the needs without it.
 * @throws TaskError when it is none, or one without a version that fits the needs.
 */
export function helmRange(asked: Given<string | undefined> | undefined, { range, told }: HelmNeeds): string {
  const wanted = asked?.value;
  if (asked === undefined || wanted === undefined) return range;
  const wantedRange = semver.validRange(wanted);
  if (wantedRange === null) {
    throw new TaskError(
      `Input ${asked.input} is '${wanted}'; it takes a version such as 4.1.4 or a range such as 4.x.`,
    );
  }
  if (!semver.intersects(wantedRange, range, { includePrerelease: true })) {
    throw new TaskError(`Input ${asked.input} asks for ${wanted}; this task needs ${told}.`);
  }
  const isExact = semver.parse(wanted) !== null;
  if (isExact || semver.subset(wantedRange, range)) return wanted;
  return alternatives(wantedRange)
    .flatMap((part) => alternatives(range).map((fit) => [part, fit] as const))
    .filter(([part, fit]) => semver.intersects(part, fit, { includePrerelease: true }))
    .map((both) => both.join(' '))
    .join(' || ');
}

const alternatives = (range: string): string[] => range.split('||').map((part) => part.trim());

/** What is known to be wrong with a version, a sentence; undefined for most. */
export function knownDefect(version: string): string | undefined {
  const defect = knownBad[version];
  return defect && `helm ${version} has known defects: ${defect}.`;
}
