import { stat } from 'node:fs/promises';
import path from 'node:path';
import { inspectArchive } from '../common/chart/archive/inspect.ts';
import { versionWarning } from '../common/chart/metadata/identity.ts';
import { readingIn, warnOfSize } from '../common/chart/archive/inspect.ts';
import type { PushedArchive } from '../common/registry/index.ts';
import { checkRepository } from '../common/registry/reference.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobFile, checkJobPlace, readRegularFile } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { eachInParallel } from '../common/task/parallel.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { filledLines } from '../common/text/lines.ts';
import { shown } from '../common/text/shown.ts';

/** Archives that are read at the same time. */
const atOnce = 4;
const largestProvenance = 1024 * 1024;
const signedMessage = Buffer.from('-----BEGIN PGP SIGNED MESSAGE-----');

/**
 * The files that the patterns name. One that a line names by its whole path may lie anywhere that the path says; what a
 * pattern finds must be the job's own.
 * @throws TaskError when there is none, one is a link, or the charts may not stand where they are to go.
 */
export async function archiveFiles(
  { chartPath, repositoryPrefix }: Inputs,
  context: TaskContext<Output>,
): Promise<string[]> {
  if (repositoryPrefix !== undefined) checkRepository(repositoryPrefix);
  const patterns = filledLines(chartPath);
  for (const pattern of patterns) await refuseFolder(pattern, context);
  const files = (await context.findFiles(patterns)).filter((file) => !file.endsWith('.prov'));
  for (const file of files) await (patterns.includes(file) ? checkJobPlace : checkJobFile)(file, context);
  if (files.length > 0) return files;
  throw new TaskError(
    `No file matches chartPath '${patterns.join(', ')}' (seen from ${context.variable('System.DefaultWorkingDirectory') ?? '.'}); was the chart saved before?`,
  );
}

/** A folder matches no file, and is meant in one of two ways. @throws TaskError that says what to give instead */
async function refuseFolder(pattern: string, context: Pick<TaskContext<Output>, 'variable'>): Promise<void> {
  const folder = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.', pattern);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return;
  const isChart = await stat(path.join(folder, 'Chart.yaml')).then(
    () => true,
    () => false,
  );
  throw new TaskError(
    isChart
      ? `Input chartPath names ${folder}, which is the folder of a chart: package it with HelmChartSave@1 before, and give ` +
          'the archive (its output chartPath).'
      : `Input chartPath names ${folder}, which is a folder: give the archives in it, such as ${path.join(folder, '*.tgz')}.`,
  );
}

/**
 * Reads each archive through once.
 * @throws TaskError when one is no safe chart archive, or two hold the same version of the same chart.
 */
export async function readArchives(
  files: readonly string[],
  inputs: Inputs,
  context: Pick<TaskContext, 'signal' | 'log'>,
): Promise<PushedArchive[]> {
  const archives = await eachInParallel(files, atOnce, (file) => readArchive(file, inputs, context));
  refuseTwins(archives);
  for (const odd of archives.map(({ facts }) => versionWarning(facts.metadata))) {
    if (odd !== undefined) context.log.warning(odd);
  }
  return archives;
}

async function readArchive(
  file: string,
  inputs: Inputs,
  context: Pick<TaskContext, 'signal' | 'log'>,
): Promise<PushedArchive> {
  const maxUnpackedBytes = inputs.maxUnpackedMB * 1024 * 1024;
  const facts = await inspectArchive(file, { ...readingIn(context), maxUnpackedBytes });
  warnOfSize(file, facts.size, context);
  if (facts.gitFile !== undefined) {
    throw new TaskError(
      `${file} holds ${shown(facts.gitFile)}, one of git's own files, where the job's token may stand (persistCredentials): ` +
        'add .git/ to the .helmignore of the chart, or let HelmChartSave package it, which leaves them out.',
    );
  }
  const repository = checkRepository([inputs.repositoryPrefix, facts.metadata.name].filter(Boolean).join('/'));
  return { file, repository, facts, provenance: await provenanceOf(file) };
}

/** helm pushes the provenance file that lies beside an archive, too. */
async function provenanceOf(file: string): Promise<Buffer | undefined> {
  const provenance = await readRegularFile(`${file}.prov`, largestProvenance);
  // Whatever else has that name is not to be published.
  if (provenance === undefined || provenance.subarray(0, signedMessage.length).equals(signedMessage)) return provenance;
  throw new TaskError(
    `${file}.prov is no provenance file, which begins with '${signedMessage.toString()}'; helm package --sign writes one. Remove it.`,
  );
}

function refuseTwins(archives: readonly PushedArchive[]): void {
  const seen = new Map<string, string>();
  for (const { file, facts } of archives) {
    const chart = `${facts.metadata.name} ${facts.metadata.version}`;
    const other = seen.get(chart);
    if (other !== undefined) throw new TaskError(`${other} and ${file} both hold ${chart}; push only one of them.`);
    seen.set(chart, file);
  }
}
