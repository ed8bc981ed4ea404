import semver from 'semver';
import { TaskError } from '../task/errors.ts';

/** The first version that pulls charts by digest (helm/helm, release notes of 3.17.0). */
const oldest = '3.17.0';

/** Versions with defects that charts in registries run into. */
const knownBad: Readonly<Record<string, string>> = {
  '3.18.0': 'it cannot push versions with build metadata and sends no credentials on pull; use 3.18.1 or later',
};

/**
 * Checks what `helm version --template {{.Version}}` said against what the step wants.
 * @param wanted a version or range (`4.1.4`, `4.x`), or undefined for any supported one.
 * @returns the version without its `v`, and a warning when it has a known defect.
 * @throws TaskError when it is none, too old or not the wanted one.
 */
export function checkHelmVersion(said: string, wanted: string | undefined): { version: string; warning?: string } {
  const version = semver.clean(said.trim());
  if (version === null)
    throw new TaskError(`helm says its version is '${said.trim().slice(0, 80)}', which is no version; is it Helm?`);
  if (semver.lt(version, oldest)) {
    throw new TaskError(`The helm on this agent is ${version}; this task needs ${oldest} or later.`);
  }
  if (wanted !== undefined && !satisfies(version, wanted)) {
    throw new TaskError(
      `Input helmVersion asks for ${wanted}, but the helm on this agent is ${version}; install the wanted one before this step.`,
    );
  }
  const defect = knownBad[version];
  return defect === undefined ? { version } : { version, warning: `helm ${version} has known defects: ${defect}.` };
}

function satisfies(version: string, wanted: string): boolean {
  const range = semver.validRange(wanted);
  if (range === null)
    throw new TaskError(`Input helmVersion is '${wanted}'; it takes a version such as 4.1.4 or a range such as 4.x.`);
  return semver.satisfies(version, range, { includePrerelease: true });
}
