import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { TaskError } from '../../task/outcome.ts';
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
  if (!keys.some((key) => key.toLowerCase() === 'apiversion')) {
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
 * The text of one of the metadata files in a chart's folder, undefined when there is none.
 * @throws TaskError when it is no regular file, larger than 1 MiB or not UTF-8
 */
export async function readMetadataFile(folder: string, name: string): Promise<string | undefined> {
  const file = path.join(folder, name);
  const found = await statOf(file);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new TaskError(`${shown(file)} is not a regular file.`);
  const chunks: Buffer[] = [];
  // Reads one byte more than allowed: the size that the file system tells is not trusted, the file may be growing.
  for await (const chunk of createReadStream(file, { end: largestMetadataFile })) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length > largestMetadataFile) {
    throw new TaskError(`${shown(file)} is larger than 1 MiB, so it is no chart metadata.`);
  }
  return metadataText(bytes, name);
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
