import { stat } from 'node:fs/promises';
import path from 'node:path';
import { filesFolder, type HandedBytes, largestHandedFile } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobFile, isInside, readRegularFile } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { filledLines } from '../common/text/lines.ts';
import { shown } from '../common/text/shown.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** A handoff has at most so many files, by its schema. */
const mostFiles = 500;

/**
 * The files that the patterns of input `files` name, by their paths from the sources' folder, sorted. Bytes stay as they are.
 * @throws TaskError when a pattern finds nothing, or a file is a link, lies outside of the sources or is too large.
 */
export async function handedFiles(inputs: Inputs, context: TaskContext<Output>): Promise<HandedBytes> {
  const found = new Map<string, Buffer>();
  const sources = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.');
  for (const file of await namedFiles(filledLines(inputs.files ?? ''), sources, context)) {
    const name = nameInSources(file, sources);
    await checkJobFile(file, context);
    const bytes = await readRegularFile(file, largestHandedFile);
    if (bytes === undefined) throw new TaskError(`${file} went away while it was read.`);
    found.set(name, bytes);
  }
  return found;
}

async function namedFiles(
  patterns: readonly string[],
  sources: string,
  context: TaskContext<Output>,
): Promise<readonly string[]> {
  const excluded = patterns.filter((pattern) => pattern.startsWith('!'));
  const files = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) continue;
    const found = await context.findFiles([pattern, ...excluded]);
    if (found.length === 0) throw await nothingFound(pattern, sources);
    for (const file of found) files.add(path.resolve(sources, file));
    if (files.size > mostFiles) {
      throw new TaskError(
        `Input files names more than ${mostFiles} files: a handoff is for values files; publish others as an artifact of their own.`,
      );
    }
  }
  return [...files].sort();
}

async function nothingFound(pattern: string, sources: string): Promise<TaskError> {
  const isFolder = await stat(path.resolve(sources, pattern)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return new TaskError(
    isFolder
      ? `Line ${shown(pattern)} of input files names a folder: give the files in it, such as ${pattern.replace(/[/\\]*$/, '')}/**.`
      : `No file matches line ${shown(pattern)} of input files (seen from ${sources}): correct it, or check out the sources before this step.`,
  );
}

function nameInSources(file: string, sources: string): string {
  if (isInside(file, sources)) return path.relative(sources, file).split(path.sep).join('/');
  throw new TaskError(
    `${file} of input files lies outside of the sources (${sources}), so it is none of the commit: the artifact's folder ` +
      `${filesFolder} has paths from there.`,
  );
}
