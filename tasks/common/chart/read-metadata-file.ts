import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { TaskError } from '../task/errors.ts';
import { largestMetadataFile } from './chart-file.ts';
import { metadataText } from './metadata-text.ts';
import { shown } from './shown.ts';

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
export async function statOf(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
