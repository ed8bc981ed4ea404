import { TaskError } from '../task/errors.ts';

/** The text of one of the chart's metadata files, without a byte order mark. @throws TaskError when it is not UTF-8 */
export function metadataText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TaskError(`${file} is not UTF-8 text. Save it as UTF-8.`);
  }
}
