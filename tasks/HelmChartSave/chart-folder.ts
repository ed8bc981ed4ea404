import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/errors.ts';

/**
 * The chart's folder with every link resolved.
 * @throws TaskError when it does not exist or lies outside the sources.
 */
export async function chartFolder(input: string, context: Pick<TaskContext, 'variable'>): Promise<string> {
  const sources =
    context.variable('Build.SourcesDirectory') ?? context.variable('System.DefaultWorkingDirectory') ?? '.';
  const folder = path.resolve(sources, input);
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) {
    throw new TaskError(
      `Input chartPath is '${input}', but ${folder} does not exist; was the repository checked out (checkout: self)?`,
    );
  }
  const inside = path.relative(await realpath(sources), real);
  if (inside.startsWith('..') || path.isAbsolute(inside)) {
    throw new TaskError(
      `Input chartPath is '${input}', which lies outside the sources (${sources}); give a folder of the repository.`,
    );
  }
  return real;
}
