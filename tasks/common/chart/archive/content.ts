import { createHash } from 'node:crypto';
import { type ArchiveLimits, type ChartFile, metadataContent, walkArchive } from './walk.ts';

/** What two archives have in common that hold the same chart, whoever packed them and when. */
export interface ArchiveContent {
  /** Of the names and bytes of all files, as `sha256:…`. */
  readonly content: string;
  /** Of the archive itself. */
  readonly digest: string;
}

/**
 * Reads an archive for what Helm reads of it: the names and bytes of its files. Times, modes, owners, folders, the order
 * of the files and the way they are packed do not count; nor does the time in the chart's lock file, which Helm writes
 * and reads nowhere.
 * @throws TaskError when it is no harmless archive (see walkArchive)
 */
export async function archiveContent(path: string, limits: Partial<ArchiveLimits>): Promise<ArchiveContent> {
  const lines: string[] = [];
  // Nothing is unpacked, so that names only Windows minds are all right here.
  const reading = { ...limits, onWindowsName: () => {} };
  const { digest } = await walkArchive(path, reading, async (file) => {
    const hash = createHash('sha256');
    for await (const chunk of contentOf(file)) hash.update(chunk);
    // No name holds a line end.
    lines.push(`${hash.digest('hex')} ${file.parts.join('/')}`);
  });
  const whole = createHash('sha256').update(lines.sort().join('\n'));
  return { content: `sha256:${whole.digest('hex')}`, digest };
}

async function* contentOf(file: ChartFile): AsyncGenerator<Uint8Array> {
  if (isChartLock(file)) yield withLockTime(await metadataContent(file), new Date(0));
  else yield* file.body;
}

/** True for the lock file of the chart itself, of either apiVersion. */
export function isChartLock(file: ChartFile): boolean {
  const [, name, ...deeper] = file.parts;
  return deeper.length === 0 && (name === 'Chart.lock' || name === 'requirements.lock');
}

/** A lock file with another time of origin. Helm writes that time on a line of its own and reads it nowhere. */
export function withLockTime(lock: Buffer, time: Date): Buffer {
  const generated = `generated: "${time.toISOString().replace(/\.\d+Z$/, 'Z')}"`;
  return Buffer.from(lock.toString('latin1').replace(/^generated:[^\r\n]*/m, generated), 'latin1');
}
