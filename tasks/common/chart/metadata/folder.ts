import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isField } from '../../go/fields.ts';
import { leadsIntoGit } from '../../task/job-files.ts';
import { isInside, readRegularFile } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { nameText } from '../../task/job-files.ts';
import { shown } from '../../text/shown.ts';
import { checkHandwrittenYaml, type HandwrittenRules } from './handwritten.ts';
import { checkChartName, checkIdentity, versionWarning } from './identity.ts';
import { largestMetadataFile, metadataText, readHelmMetadata, type ChartMetadata } from './metadata.ts';

/**
 * Reads and checks the Chart.yaml of a chart's source folder (and the requirements.yaml of an old chart).
 * @param rules say what is not judged, and hear of what Helm takes although it is odd
 * @throws TaskError when there is no such folder, no usable Chart.yaml in it, or a registry would refuse the chart
 */
export async function readChartFolder(folder: string, rules: HandwrittenRules = {}): Promise<ChartMetadata> {
  const found = await statOf(folder);
  if (found === undefined) throw new TaskError(`The chart folder ${shown(folder)} does not exist.`);
  if (!found.isDirectory()) {
    throw new TaskError(`${shown(folder)} is not a folder. Give the folder that holds the chart's Chart.yaml.`);
  }
  const chartYaml = await readMetadataFile(folder, 'Chart.yaml');
  if (chartYaml === undefined) {
    throw new TaskError(`The folder ${shown(folder)} holds no Chart.yaml (spelled so), so it is not a Helm chart.`);
  }
  const keys = checkHandwrittenYaml(chartYaml, 'Chart.yaml', rules);
  const requirements = await readMetadataFile(folder, 'requirements.yaml');
  if (requirements !== undefined) checkHandwrittenYaml(requirements, 'requirements.yaml', { ...rules, replaced: [] });
  const metadata = readHelmMetadata(chartYaml, requirements);
  if (!keys.some((key) => isField(key, 'apiVersion'))) {
    rules.warn?.(
      'Chart.yaml has no "apiVersion", so Helm reads the chart as one of apiVersion v1, but helm lint counts that as an ' +
        'error (apiVersion is required). Add the line apiVersion: v1, or v2 with the dependencies in Chart.yaml itself.',
    );
  }
  return checkedIdentity(metadata, rules);
}

function checkedIdentity(metadata: ChartMetadata, { replaced = [], warn }: HandwrittenRules): ChartMetadata {
  if (replaced.includes('version')) {
    checkChartName(metadata.name);
    return metadata;
  }
  const odd = versionWarning(checkIdentity(metadata));
  if (odd !== undefined) warn?.(odd);
  return metadata;
}

/**
 * The text of one of the metadata files in a chart's folder, undefined when there is none. A link is followed, since
 * charts of one repository share files; whoever trusts the sources less gives the folder that it may not leave.
 * @param options.within a folder, of any path to it
 * @param options.largest bytes; 1 MiB unless told
 * @throws TaskError when it is no regular file, lies elsewhere, is larger or not UTF-8
 */
export async function readMetadataFile(
  folder: string,
  name: string,
  { within, largest = largestMetadataFile }: { readonly within?: string; readonly largest?: number } = {},
): Promise<string | undefined> {
  const file = path.join(folder, name);
  const real = await realOf(file);
  if (real === undefined) return undefined;
  // Persisted credentials lie there.
  if (leadsIntoGit(real.split(path.sep))) {
    throw new TaskError(`${shown(file)} leads into a repository's own files; put a copy of the file in its place.`);
  }
  if (within !== undefined && !isInside(real, (await realOf(within)) ?? within)) {
    throw new TaskError(`${shown(file)} is a link that leads to ${shown(real)}; put a copy of the file in its place.`);
  }
  const bytes = await readRegularFile(real, largest);
  return bytes && metadataText(bytes, name);
}

/** The path without links, undefined when nothing is there. */
async function realOf(file: string): Promise<string | undefined> {
  const real = await realpath(file, { encoding: 'buffer' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new TaskError(`${shown(file)} cannot be read (${error.message}).`);
  });
  return real && nameText(real);
}

/** What is at the path, undefined when nothing is. */
async function statOf(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
