import { readFile, stat } from 'node:fs/promises';
import { inspectArchive } from '../common/chart/archive/inspect.ts';
import type { PushedArchive } from '../common/registry/index.ts';
import { checkRepository } from '../common/registry/reference.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import { eachInParallel } from '../common/task/parallel.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { filledLines } from '../common/text/lines.ts';

/** Archives that are read at the same time. */
const atOnce = 4;
const largestProvenance = 1024 * 1024;

/** The files that the patterns name. @throws TaskError when there is none, or the charts may not stand where they are to go. */
export function archiveFiles({ chartPath, repositoryPrefix }: Inputs, context: TaskContext<Output>): string[] {
  if (repositoryPrefix !== undefined) checkRepository(repositoryPrefix);
  const patterns = filledLines(chartPath);
  const files = context.findFiles(patterns).filter((file) => !file.endsWith('.prov'));
  if (files.length > 0) return files;
  throw new TaskError(
    `No file matches chartPath '${patterns.join(', ')}' (seen from ${context.variable('System.DefaultWorkingDirectory') ?? '.'}); was the chart saved before?`,
  );
}

/**
 * Reads each archive through once.
 * @throws TaskError when one is no safe chart archive, or two hold the same version of the same chart.
 */
export async function readArchives(files: readonly string[], inputs: Inputs): Promise<PushedArchive[]> {
  const archives = await eachInParallel(files, atOnce, (file) => readArchive(file, inputs));
  refuseTwins(archives);
  return archives;
}

async function readArchive(file: string, inputs: Inputs): Promise<PushedArchive> {
  const facts = await inspectArchive(file, { maxUnpackedBytes: inputs.maxUnpackedMB * 1024 * 1024 });
  const repository = checkRepository([inputs.repositoryPrefix, facts.metadata.name].filter(Boolean).join('/'));
  return { file, repository, facts, provenance: await provenanceOf(file) };
}

/** helm pushes the provenance file that lies beside an archive, too. */
async function provenanceOf(file: string): Promise<Buffer | undefined> {
  const provenance = `${file}.prov`;
  const found = await stat(provenance).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.size > largestProvenance)
    throw new TaskError(`${provenance} has ${found.size} bytes; a provenance file has at most 1 MiB.`);
  return readFile(provenance);
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
