import path from 'node:path';
import { TaskError } from '../../task/outcome.ts';
import { type ChartPlace, faultOf } from '../folder/find.ts';
import { repositoryRoot } from '../folder/repository-root.ts';
import type { NamedRepository } from './repositories.ts';

/**
 * Makes sure that a dependency in a folder beside the chart, which helm takes from anywhere, is of the chart's own
 * repository.
 * @param repository such as `file://../common`
 * @param real the folder, its links resolved
 * @throws TaskError naming the repository where it leads elsewhere
 */
export async function refuseOutside(
  { address, place }: NamedRepository,
  real: string,
  { folder, sources }: ChartPlace,
): Promise<void> {
  const fault = faultOf(real, await repositoryRoot(folder, sources), sources);
  if (fault === undefined) return;
  throw new TaskError(
    `The chart depends on ${address} (${place}), which ${fault}; put that chart into the chart's repository.`,
  );
}

/** Helm compares the scheme as it is written; with another spelling it looks for a program of that name. */
export function isFolder({ address }: NamedRepository): boolean {
  return address.startsWith('file://');
}

/** As Helm joins it to the chart's folder, links unresolved (helm/helm, internal/resolver, GetLocalPath). */
export function folderOf(address: string, chart: string): string {
  const given = address.slice('file://'.length);
  return given.startsWith('/') ? path.resolve(given) : path.join(chart, given);
}
