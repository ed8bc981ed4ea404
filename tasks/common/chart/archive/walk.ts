import { ArchiveFault, damaged } from '../../archive/tar-format.ts';
import { readTar, type TarEntry } from '../../archive/tar-reader.ts';
import { TaskError } from '../../task/outcome.ts';
import { largestMetadataFile } from '../metadata/metadata.ts';
import { shown } from '../../text/shown.ts';
import { type FileDigest, FileDigester, gunzipFile } from './gzip.ts';
import { entryNameParts, NameTree, type OnWindowsName } from './names.ts';

/** What an archive may unfold to before it is refused, and how long anybody wants to know. */
export interface ArchiveLimits {
  /** Bytes of the unpacked archive, its headers included. */
  maxUnpackedBytes: number;
  /** Files and folders in the archive. */
  maxEntries: number;
  /** Ends the reading when the run is cancelled. */
  signal: AbortSignal;
  /** Takes names that only Windows minds; without it they are refused. */
  onWindowsName: OnWindowsName;
}

/** 100 MiB is Helm's own limit for an unpacked chart (since 3.17.3); it would not load a larger one. */
const defaultArchiveLimits: Pick<ArchiveLimits, 'maxUnpackedBytes' | 'maxEntries'> = {
  maxUnpackedBytes: 100 * 1024 * 1024,
  maxEntries: 10_000,
};

const noLimits = { signal: undefined, onWindowsName: undefined };

/** A regular file in a chart archive. */
export interface ChartFile {
  /** The name in parts; the first is the chart's folder. */
  parts: readonly string[];
  /** Bytes. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  body: AsyncIterable<Uint8Array>;
}

/** The whole content of one of the chart's metadata files. @throws ArchiveFault when it is larger than 1 MiB */
export async function metadataContent(file: ChartFile): Promise<Buffer> {
  if (file.size > largestMetadataFile)
    throw new ArchiveFault(`holds ${shown(file.parts.join('/'))} of more than 1 MiB`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface WalkedArchive extends FileDigest {
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
  const { maxUnpackedBytes, maxEntries, signal, onWindowsName } = { ...noLimits, ...defaultArchiveLimits, ...limits };
  const digester = new FileDigester();
  const names = new NameTree(maxEntries);
  const facts = { topFolder: '', entries: 0, unpackedBytes: 0 };
  try {
    for await (const entry of readTar(heeding(signal, gunzipFile(path, maxUnpackedBytes, digester)))) {
      const isFile = checkKind(entry, maxUnpackedBytes);
      const parts = entryNameParts(isFile ? entry.name : entry.name.replace(/\/$/, ''), onWindowsName);
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

/** Each chunk comes out of zlib's own thread, so that signals are heard between them. */
async function* heeding(
  signal: AbortSignal | undefined,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
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
