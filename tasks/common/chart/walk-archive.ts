import { ArchiveFault, damaged, readTar, type TarEntry } from '../archive/index.ts';
import { TaskError } from '../task/errors.ts';
import { defaultArchiveLimits, type ArchiveLimits } from './archive-limits.ts';
import type { ChartFile } from './chart-file.ts';
import { entryNameParts } from './entry-name.ts';
import { FileDigester, type FileDigest } from './file-digest.ts';
import { gunzipFile } from './gunzip-file.ts';
import { NameTree } from './name-tree.ts';
import { shown } from './shown.ts';

export interface WalkedArchive extends FileDigest {
  /** The one folder at the top of the archive. */
  topFolder: string;
  /** Files and folders that the archive lists. */
  entries: number;
  /** Bytes of all files. */
  unpackedBytes: number;
}

/**
 * Reads a chart archive once, from start to end, and gives each file to `visit` after its name is found harmless. No
 * more than a few MB are held, whatever the archive holds. A fault may show after files were visited: what `visit`
 * makes of them counts only once the walk has ended.
 * @throws TaskError when the archive is missing, damaged or holds anything that a chart must not
 */
export async function walkArchive(
  path: string,
  limits: Partial<ArchiveLimits>,
  visit: (file: ChartFile) => Promise<void>,
): Promise<WalkedArchive> {
  const { maxUnpackedBytes, maxEntries } = { ...defaultArchiveLimits, ...limits };
  const digester = new FileDigester();
  const names = new NameTree(maxEntries);
  const facts = { topFolder: '', entries: 0, unpackedBytes: 0 };
  try {
    for await (const entry of readTar(gunzipFile(path, maxUnpackedBytes, digester))) {
      const isFile = checkKind(entry, maxUnpackedBytes);
      const parts = entryNameParts(isFile ? entry.name : entry.name.replace(/\/$/, ''));
      facts.topFolder = checkTopFolder(parts, isFile, facts.topFolder);
      names.add(parts, isFile);
      facts.entries += 1;
      facts.unpackedBytes += entry.size;
      if (isFile) await visit({ parts, size: entry.size, mtime: entry.mtime, body: entry.body });
    }
  } catch (error) {
    throw error instanceof ArchiveFault ? new TaskError(`The chart archive ${shown(path)} ${error.message}.`) : error;
  }
  return { ...facts, ...digester.result() };
}

const refusedKinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  K: 'a link',
  S: 'a sparse file',
};

/** True for a file, false for a folder. */
function checkKind(entry: TarEntry, maxUnpackedBytes: number): boolean {
  if (entry.type !== '0' && entry.type !== '5') {
    const kind = refusedKinds[entry.type] ?? `an entry of the unknown type ${shown(entry.type)}`;
    throw new ArchiveFault(
      `holds ${shown(entry.name)}, which is ${kind}. A chart archive may hold only files and folders`,
    );
  }
  if (entry.size < 0 || (entry.type === '5' && entry.size > 0)) throw damaged('a tar header holds an impossible size');
  if (entry.size > maxUnpackedBytes) {
    throw new ArchiveFault(
      `holds ${shown(entry.name)} of ${entry.size} bytes, at most ${maxUnpackedBytes} are allowed`,
    );
  }
  return entry.type === '0';
}

function checkTopFolder(parts: readonly string[], isFile: boolean, known: string): string {
  const [topFolder = ''] = parts;
  if (isFile && parts.length === 1) throw new ArchiveFault(`holds ${shown(topFolder)} outside of the chart's folder`);
  if (known !== '' && topFolder !== known) {
    throw new ArchiveFault(`holds more than one top folder: ${shown(known)} and ${shown(topFolder)}`);
  }
  return topFolder;
}
