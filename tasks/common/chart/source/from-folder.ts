import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { isInside } from '../../task/job-files.ts';
import { chartFolder } from '../folder/find.ts';
import { readChartFolder } from '../metadata/folder.ts';
import { packageFolder, type Packaging } from './package-folder.ts';
import { sourceTime } from './source-time.ts';
import type { TakenChart } from './taken-chart.ts';

/** What a folder's archive is made with. */
export type FolderRules = Pick<Packaging, 'dependencies' | 'schemaReferences' | 'helm'>;

/** The folder that a path names; undefined when it names something else, or nothing. */
export async function folderNamed(value: string, context: Pick<TaskContext, 'variable'>): Promise<string | undefined> {
  const start = context.variable('Build.SourcesDirectory') ?? context.variable('System.DefaultWorkingDirectory') ?? '.';
  const folder = path.resolve(start, value);
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true ? folder : undefined;
}

/**
 * Makes an archive of a chart's folder as HelmChartSave does, but for helm lint: what is wrong with the chart shows when
 * helm installs it.
 * @param chart the folder, as it was given
 * @param folder its whole path
 * @param destination a private folder, which gets the archive
 * @throws TaskError naming the file that is wrong, or with helm's reason
 */
export async function fromFolder(
  chart: Given<string>,
  { folder, destination }: { folder: string; destination: string },
  rules: FolderRules,
  context: TaskContext,
): Promise<TakenChart> {
  const time = sourceTime(context);
  const artifact = artifactOf(folder, context);
  const found =
    artifact === undefined
      ? await chartFolder(chart, context)
      : await chartFolder({ input: chart.input, value: folder }, { variable: () => artifact });
  const metadata = await readChartFolder(found.folder, { warn: (text) => context.log.warning(text) });
  const packaging = { ...rules, chart: metadata, versions: {}, time, lint: false };
  const { file, facts } = await packageFolder(found, packaging, destination, context);
  return { file, facts, digest: facts.digest, reference: found.folder };
}

/**
 * A deployment job has charts in artifacts, beside the sources: what such a chart may not lead out of is the artifact's own
 * folder, the first one below the job's. Undefined for a chart of the sources, and for one elsewhere.
 */
function artifactOf(folder: string, context: Pick<TaskContext, 'variable'>): string | undefined {
  const sources = context.variable('Build.SourcesDirectory') ?? context.variable('System.DefaultWorkingDirectory');
  const workspace = context.variable('Pipeline.Workspace');
  if (workspace === undefined || sources === undefined) return undefined;
  const whole = path.resolve(workspace);
  if (isInside(folder, path.resolve(sources)) || !isInside(folder, whole) || folder === whole) return undefined;
  const [artifact = ''] = path.relative(whole, folder).split(path.sep);
  return path.join(whole, artifact);
}
