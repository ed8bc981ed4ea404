import { TaskError } from '../task/errors.ts';
import { checkHandwrittenYaml } from './handwritten-yaml.ts';
import { readHelmMetadata } from './helm-metadata.ts';
import { checkIdentity } from './chart-identity.ts';
import type { ChartMetadata } from './metadata.ts';
import { readMetadataFile, statOf } from './read-metadata-file.ts';
import { shown } from './shown.ts';

/**
 * Reads and checks the Chart.yaml of a chart's source folder (and the requirements.yaml of an old chart).
 * @throws TaskError when there is no such folder, no usable Chart.yaml in it, or a registry would refuse the chart
 */
export async function readChartFolder(folder: string): Promise<ChartMetadata> {
  const found = await statOf(folder);
  if (found === undefined) throw new TaskError(`The chart folder ${shown(folder)} does not exist.`);
  if (!found.isDirectory()) {
    throw new TaskError(`${shown(folder)} is not a folder. Give the folder that holds the chart's Chart.yaml.`);
  }
  const chartYaml = await readMetadataFile(folder, 'Chart.yaml');
  if (chartYaml === undefined) {
    throw new TaskError(`The folder ${shown(folder)} holds no Chart.yaml (spelled so), so it is not a Helm chart.`);
  }
  const keys = checkHandwrittenYaml(chartYaml, 'Chart.yaml');
  // Helm would take it for an old chart of apiVersion v1, whose dependencies stand elsewhere.
  if (!keys.some((key) => key.toLowerCase() === 'apiversion')) {
    throw new TaskError('Chart.yaml has no "apiVersion". Add the line apiVersion: v2.');
  }
  const requirements = await readMetadataFile(folder, 'requirements.yaml');
  if (requirements !== undefined) checkHandwrittenYaml(requirements, 'requirements.yaml');
  return checkIdentity(readHelmMetadata(chartYaml, requirements));
}
