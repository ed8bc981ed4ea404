import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { again, BrokenTransfer, type DownloadPatience } from '../network/index.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { explainDisk } from './errors.ts';
import type { OpenedFile, ToolSource } from './folder-source.ts';

/** What a download may take before it is given up. */
export interface DownloadLimits extends DownloadPatience {
  /** How long no byte may come, in ms. */
  readonly stallMs: number;
  /** How long one file may take, in ms. */
  readonly totalMs: number;
  /** How often a download that broke off is begun. */
  readonly attempts: number;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes: number;
  /** Largest executable that is unpacked, in bytes. */
  readonly maxExecutableBytes: number;
}

const mebibyte = 1024 * 1024;

/** The tools are files of 20 to 90 MB today, with executables of 60 to 270 MB. */
export const downloadLimits: DownloadLimits = {
  answerMs: 30_000,
  retries: 2,
  pauseMs: 1000,
  stallMs: 30_000,
  totalMs: 15 * 60_000,
  attempts: 3,
  maxFileBytes: 300 * mebibyte,
  maxExecutableBytes: 600 * mebibyte,
};

/** Which file of which source, and how patiently. */
export interface Fetch {
  readonly source: ToolSource;
  /** Path on the vendor's host. */
  readonly path: string;
  readonly limits: DownloadLimits;
  readonly signal: AbortSignal;
}

/**
 * Opens a file and has it read, again from the beginning when the transfer broke off.
 * @returns what `read` makes of it, or undefined when the source has no such file.
 * @throws TaskError when every attempt broke off or the file is too large, and what `read` throws.
 */
async function receive<Result>(
  fetch: Fetch,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result | undefined> {
  const { source, path, limits, signal } = fetch;
  const { attempts, pauseMs } = limits;
  const attempt = async (): Promise<Result | undefined> => {
    const opened = await source.open(path);
    return opened && read(chunksOf(opened, fetch));
  };
  return again(attempt, { attempts, pauseMs, signal }).catch((error: unknown) => {
    if (!(error instanceof BrokenTransfer)) throw error;
    throw new TaskError(
      `The download of ${path} from ${source.name} broke off ${attempts} times, the last time because ` +
        `${error.message}: run the step again later${source.elsewhere}.`,
    );
  });
}

async function* chunksOf({ body, size }: OpenedFile, { source, path, limits }: Fetch): AsyncGenerator<Uint8Array> {
  const stalled = new BrokenTransfer(`nothing came for ${limits.stallMs / 1000} s`);
  const watch = (): NodeJS.Timeout => setTimeout(() => body.destroy(stalled), limits.stallMs);
  // Not to be tried again: it would take as long.
  const late = new TaskError(
    `The download of ${path} from ${source.name} took longer than ${limits.totalMs / 1000} s: run the step again ` +
      `later${source.elsewhere}.`,
  );
  const total = setTimeout(() => body.destroy(late), limits.totalMs);
  let stall = watch();
  let received = 0;
  try {
    for await (const chunk of body) {
      // What the disk takes is not the sender's time.
      clearTimeout(stall);
      received += chunk.length;
      if (received > limits.maxFileBytes) {
        throw new TaskError(`${path} from ${source.name} is larger than the allowed ${limits.maxFileBytes} bytes.`);
      }
      yield chunk;
      stall = watch();
    }
  } catch (error) {
    if (error instanceof TaskError || error instanceof BrokenTransfer) throw error;
    throw new BrokenTransfer(`of ${messageOf(error)}`, { cause: error });
  } finally {
    clearTimeout(stall);
    clearTimeout(total);
    body.destroy();
  }
  if (size !== undefined && received !== size) throw new BrokenTransfer(`it ended after ${received} of ${size} bytes`);
}

/** Checksum and version files hold a line, or one for each file of a release. */
const largestText = 64 * 1024;
/** However they come. */
const longestTextMs = 60_000;

/** A small text file, or undefined when the source has none of that path. @throws TaskError as `receive` does. */
export function fetchText(fetch: Fetch): Promise<string | undefined> {
  const { totalMs } = fetch.limits;
  const limits = { ...fetch.limits, maxFileBytes: largestText, totalMs: Math.min(totalMs, longestTextMs) };
  return receive({ ...fetch, limits }, async (chunks) => {
    const kept: Uint8Array[] = [];
    for await (const chunk of chunks) kept.push(chunk);
    return Buffer.concat(kept).toString('utf8');
  });
}

/**
 * Writes a file to `target`.
 * @returns its SHA-256 in hex, or undefined when the source has none of that path.
 * @throws TaskError as `receive` does, and when the disk does not take it.
 */
export function fetchFile(fetch: Fetch, target: string): Promise<string | undefined> {
  return receive(fetch, async (chunks) => {
    const hash = createHash('sha256');
    const hashed = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      await pipeline(hashed, createWriteStream(target, { mode: 0o600 }));
    } catch (error) {
      throw explainDisk(error, dirname(target)) ?? error;
    }
    return hash.digest('hex');
  });
}
