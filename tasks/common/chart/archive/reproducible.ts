import { mkdtemp, open, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { formatTarHeader, latestTarTime, paddingAfter, tarEnd } from '../../archive/tar-writer.ts';
import { TaskError } from '../../task/outcome.ts';
import { isChartLock, withLockTime } from './content.ts';
import { type FileDigest, GzipWriter } from './gzip.ts';
import { EntrySpool, type SpooledEntry } from './spool.ts';
import { type ArchiveLimits, metadataContent, walkArchive } from './walk.ts';

export interface ReproducibleOptions {
  /** Set when the lock file was written during this packaging, so that it carries the clock's time: it gets `time`. */
  lockIsNew?: boolean;
  /** Told the path of each file in the chart, in parts; those it says yes to are not taken over. */
  leaveOut?: (parts: readonly string[]) => boolean;
  limits?: Partial<ArchiveLimits>;
}

/**
 * Rewrites what `helm package` made so that the same content gives the same bytes on every machine: Helm 3 stamps the
 * clock's time on every file, Helm 4 the times of the checkout, and both keep an order of their own. The contents need
 * no change: Helm 3.17, 4.1 and 4.2 write Chart.yaml and all other files alike, but for the time in a new lock file.
 * Holds little in memory; `source` must be in a private folder, since its files are spooled beside it.
 * @param time the modification time of all files, and of the archive itself: `helm push` makes the manifest's
 * `created` of that
 * @returns digest and size of `target`, which appears at once or not at all
 * @throws TaskError when `source` is no harmless archive (see walkArchive), or `time` is before 1970 or after 2242
 */
export async function makeReproducible(
  source: string,
  target: string,
  time: Date,
  { lockIsNew = false, leaveOut = () => false, limits = {} }: ReproducibleOptions = {},
): Promise<FileDigest> {
  const mtime = Math.floor(time.getTime() / 1000);
  if (!(mtime >= 0 && mtime <= latestTarTime)) {
    throw new TaskError(
      `An archive cannot hold the time ${String(mtime)} (seconds since 1970). Use one from 1970 to 2242.`,
    );
  }
  const spoolFolder = await mkdtemp(path.join(path.dirname(source), '.spool-'));
  try {
    const spool = await EntrySpool.create(path.join(spoolFolder, 'files'));
    await spoolFiles(source, spool, { limits, leaveOut, lockTime: lockIsNew ? time : undefined });
    return await writeWhole(target, time, (gzip) => writeSorted(spool, gzip, mtime, limits.signal));
  } finally {
    await rm(spoolFolder, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Taking {
  limits: Partial<ArchiveLimits>;
  leaveOut: (parts: readonly string[]) => boolean;
  lockTime: Date | undefined;
}

async function spoolFiles(source: string, spool: EntrySpool, { limits, leaveOut, lockTime }: Taking): Promise<void> {
  try {
    await walkArchive(source, limits, async (file) => {
      if (leaveOut(file.parts.slice(1))) return;
      const isNewLock = lockTime !== undefined && isChartLock(file);
      const content = isNewLock ? [withLockTime(await metadataContent(file), lockTime)] : file.body;
      await spool.add(file.parts.join('/'), content);
    });
  } finally {
    await spool.close();
  }
}

async function writeSorted(spool: EntrySpool, gzip: GzipWriter, mtime: number, signal?: AbortSignal): Promise<void> {
  for (const entry of spool.entries.sort(inOrder)) {
    signal?.throwIfAborted();
    await gzip.write(formatTarHeader(entry.name, entry.size, mtime));
    for await (const chunk of spool.read(entry)) {
      signal?.throwIfAborted();
      await gzip.write(chunk);
    }
    await gzip.write(paddingAfter(entry.size));
  }
  await gzip.write(tarEnd);
}

/** Chart.yaml first, as Helm has it, so that who only wants to know the chart need not read on; then by bytes. */
function inOrder(a: SpooledEntry, b: SpooledEntry): number {
  return rank(a) - rank(b) || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

function rank({ name }: SpooledEntry): number {
  return /^[^/]*\/Chart\.yaml$/.test(name) ? 0 : 1;
}

async function writeWhole(target: string, time: Date, write: (gzip: GzipWriter) => Promise<void>): Promise<FileDigest> {
  const partFolder = await mkdtemp(path.join(path.dirname(target), '.part-'));
  try {
    const part = path.join(partFolder, path.basename(target));
    const file = await open(part, 'wx');
    let digest: FileDigest;
    try {
      const gzip = new GzipWriter(file);
      await write(gzip);
      digest = await gzip.end();
    } finally {
      await file.close();
    }
    await utimes(part, time, time);
    await rename(part, target);
    return digest;
  } finally {
    await rm(partFolder, { recursive: true, force: true, maxRetries: 3 });
  }
}
