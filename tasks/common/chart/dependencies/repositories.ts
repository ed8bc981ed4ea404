import { type LockedDependency, lockFiles, readLock } from '../metadata/lock.ts';
import type { ChartMetadata } from '../metadata/metadata.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';

/** A repository that `helm dependency build` is sent to, and who sends it there. */
export interface NamedRepository {
  /** As it stands in the file: `oci://…`, `https://…`, `file://…`, or `@name` of one that was added on the agent. */
  readonly address: string;
  /** Such as `Chart.lock, dependencies[0].repository`. */
  readonly place: string;
}

/**
 * Every repository that helm is sent to for a chart: those of Chart.yaml (with requirements.yaml), and those of its lock
 * files, which helm follows instead. Nothing else counts: helm fetches no dependencies of dependencies, be they in
 * charts/ or in a folder (helm/helm#2247). None where Chart.yaml names none, for then helm is not asked to fetch.
 * @throws TaskError when a lock file sends helm elsewhere than Chart.yaml says, which helm itself does not notice, or an
 * address on the network is not written in ASCII
 */
export async function repositoriesOf(folder: string, chart: ChartMetadata): Promise<NamedRepository[]> {
  const asked = chart.dependencies ?? [];
  const named = placed(asked, chart.apiVersion === 'v1' ? 'requirements.yaml' : 'Chart.yaml');
  if (named.length === 0) return [];
  for (const { name = '', repository = '' } of asked) checkAscii(name, repository);
  for (const file of lockFiles) {
    const locked = (await readLock(folder, file)) ?? [];
    for (const dependency of locked) checkAgrees(dependency, asked, file);
    named.push(...placed(locked, file));
  }
  return named;
}

function placed(dependencies: readonly LockedDependency[], file: string): NamedRepository[] {
  return dependencies.flatMap(({ repository = '' }, index) =>
    // Helm looks for those without a repository in charts/ only.
    repository === '' ? [] : [{ address: repository, place: `${file}, dependencies[${index}].repository` }],
  );
}

/**
 * Helm drops what its Go does not count as printable, by another version of Unicode than ours, so that a host or a path may
 * be another one to it.
 */
function checkAscii(name: string, repository: string): void {
  const odd = [name, repository].find((text) => /[^\x20-\x7e]/.test(text));
  if (odd === undefined || repository === '' || repository.startsWith('file://')) return;
  throw new TaskError(
    `Chart.yaml takes the dependency ${shown(name)} from ${shown(repository)}, but ${shown(odd)} has characters that names ` +
      'on the network do not have; write a host as DNS has it (xn--…), and the rest as the registry has it.',
  );
}

/** Helm's own check is a digest that stands in the lock itself, so whoever writes the lock can make it fit. */
function checkAgrees(locked: LockedDependency, asked: readonly LockedDependency[], file: string): void {
  const { name = '', repository = '' } = locked;
  const known = asked.filter((dependency) => dependency.name === name).map((dependency) => dependency.repository ?? '');
  if (known.some((address) => address === repository || (isAlias(address) && /^(https?|oci):/.test(repository))))
    return;
  const asks = known.length === 0 ? 'has no such dependency' : `says ${known.map(shown).join(' or ')}`;
  throw new TaskError(
    `${file} takes the dependency ${shown(name)} from ${shown(repository)}, but Chart.yaml ${asks}: ` +
      "run 'helm dependency update' and commit the lock, or find out who changed it.",
  );
}

/** `@name` and `alias:name` stand for a repository that `helm repo add` knows; the lock has its address. */
function isAlias(address: string): boolean {
  return /^(@|alias:)/.test(address);
}
