import { unzipSync, type UnzipFileInfo } from 'fflate';
import { messageOf, TaskError } from '../task/errors.ts';

/**
 * One file of an artifact's zip, at its top or in its folder of the artifact's name. Only this entry is unpacked, and
 * only when it says to be small: what it has beyond that is cut off.
 * @throws TaskError when the zip is damaged, or the file is missing, there twice, or too large.
 */
export function fileInZip(
  zip: Uint8Array,
  { artifact, file, largest }: { readonly artifact: string; readonly file: string; readonly largest: number },
): Buffer {
  const wanted = new Set([file, `${artifact.toLowerCase()}/${file}`]);
  const found: string[] = [];
  const isWanted = (entry: UnzipFileInfo): boolean => {
    const name = entry.name.replaceAll('\\', '/');
    const [folder = '', ...rest] = name.split('/');
    if (!wanted.has(rest.length === 0 ? name : [folder.toLowerCase(), ...rest].join('/'))) return false;
    found.push(entry.name);
    const size = Math.max(entry.size, entry.originalSize);
    if (size > largest) {
      throw new TaskError(`${file} in the artifact '${artifact}' has ${size} bytes; a handoff has at most ${largest}.`);
    }
    return true;
  };
  const files = unpacked(zip, isWanted, artifact);
  const [name, ...others] = found;
  const content = name === undefined ? undefined : files[name];
  if (content === undefined) {
    throw new TaskError(
      `The artifact '${artifact}' has no ${file}: was it published by HandoffPublish, under this name?`,
    );
  }
  if (others.length > 0) throw new TaskError(`The artifact '${artifact}' has ${file} ${found.length} times.`);
  return Buffer.from(content);
}

function unpacked(
  zip: Uint8Array,
  filter: (entry: UnzipFileInfo) => boolean,
  artifact: string,
): Record<string, Uint8Array> {
  try {
    return unzipSync(zip, { filter });
  } catch (error) {
    if (error instanceof TaskError) throw error;
    throw new TaskError(`The artifact '${artifact}' came as a damaged zip (${messageOf(error)}); run the step again.`);
  }
}
