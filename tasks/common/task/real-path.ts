import { realpath } from 'node:fs/promises';
import { visible } from '../text/shown.ts';
import { TaskError } from './outcome.ts';

/**
 * A name as the file system gives it, as text. Node writes U+FFFD for each byte that is no UTF-8, and so makes one name of
 * two: what is looked at would not be what another program finds.
 * @throws TaskError when it is no UTF-8
 */
export function nameText(name: Buffer): string {
  const text = name.toString();
  if (Buffer.from(text).equals(name)) return text;
  throw new TaskError(`The name ${visible(text, 200)} is no UTF-8 text; rename that file or folder.`);
}

/**
 * The path without links, as far as the file system knows it; undefined when nothing is there or it cannot be told.
 * @throws TaskError when it is no UTF-8
 */
export async function realPath(file: string): Promise<string | undefined> {
  const real = await realpath(file, { encoding: 'buffer' }).catch(() => undefined);
  return real && nameText(real);
}
