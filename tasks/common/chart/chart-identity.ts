import { TaskError } from '../task/errors.ts';
import { checkChartVersion } from './chart-version.ts';
import type { ChartMetadata } from './metadata.ts';
import { shown } from './shown.ts';

/** One component of a repository name in the OCI distribution specification. */
const repositoryComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

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
