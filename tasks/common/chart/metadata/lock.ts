import { list, struct, text } from '../../go/fields.ts';
import { parseGoYaml } from '../../go/yaml.ts';
import { readMetadataFile } from './folder.ts';

/** A dependency as a lock file has it; the texts are not cleaned, since helm takes them as they are. */
export interface LockedDependency {
  readonly name?: string;
  readonly repository?: string;
  readonly version?: string;
}

/**
 * Which of two lock files helm goes by: it reads them in this order whatever the chart's apiVersion, and the last one
 * counts (helm/helm, pkg/chart/loader/load.go).
 */
export const lockFiles = ['Chart.lock', 'requirements.lock'] as const;

/**
 * The dependencies in one of a chart's lock files, as Helm reads it; undefined where there is no such file.
 * @throws TaskError when it is no regular file, larger than 1 MiB or no YAML of this form
 */
export async function readLock(
  folder: string,
  file: (typeof lockFiles)[number],
): Promise<LockedDependency[] | undefined> {
  const content = await readMetadataFile(folder, file);
  return content === undefined ? undefined : (lock(parseGoYaml(content, file), file, undefined)?.dependencies ?? []);
}

const dependency = struct<LockedDependency>({ name: text, repository: text, version: text });
const lock = struct<{ dependencies?: LockedDependency[] }>({ dependencies: list(dependency, {}) });
