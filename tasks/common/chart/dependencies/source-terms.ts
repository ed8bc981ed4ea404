import path from 'node:path';
import type { TaskContext } from '../../task/context.ts';
import { TaskError } from '../../task/outcome.ts';
import type { ChartCopy } from './copies.ts';

/**
 * The file in the sources that an archive's entry was made of, as a path from there.
 * @param archived such as `app/charts/common/values.yaml`
 * @returns the entry's own name where the file came packed
 */
export function placeOf(copy: ChartCopy, archived: string): string {
  const [, ...parts] = archived.split('/');
  const name = parts.join('/');
  if (copy.source.files.some((file) => file.name === name)) return path.join(copy.place, name);
  const part = parts[0] === 'charts' ? copy.parts.find((each) => each.copy?.chart.name === parts[1]) : undefined;
  return part?.copy === undefined ? archived : placeOf(part.copy, parts.slice(1).join('/'));
}

/** Does work on copies of charts; its errors name the files in the sources instead. */
export async function inTermsOfSources<Result>(
  sources: string,
  { privateFolder }: Pick<TaskContext, 'privateFolder'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const [before, ...after] = error.message.split(privateFolder());
    throw new TaskError([before, ...after.map((text) => inSources(text, sources))].join(''));
  }
}

/** What stood behind the private folder: a copy's path, or that of a file which will be gone, such as helm's archive. */
function inSources(text: string, sources: string): string {
  const isCopy = /^[\\/](copy|build)-\d+/.test(text);
  return isCopy ? text.replace(/^[\\/](copy|build)-\d+/, sources) : text.replace(/^[\\/]/, '');
}
