import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, TaskError } from '../task/errors.ts';
import type { DownloadLimits } from './download-limits.ts';
import type { OpenedFile, ToolSource } from './tool-source.ts';

/** A transfer that broke off; the same file may come whole the next time. */
export class BrokenTransfer extends Error {
  override readonly name = 'BrokenTransfer';
}

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
export async function receive<Result>(
  fetch: Fetch,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result | undefined> {
  const { source, path, limits, signal } = fetch;
  for (let attempt = 1; ; attempt += 1) {
    const opened = await source.open(path);
    if (opened === undefined) return undefined;
    try {
      return await read(chunksOf(opened, fetch));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof BrokenTransfer)) throw error;
      if (attempt >= limits.attempts) {
        throw new TaskError(
          `The download of ${path} from ${source.name} broke off ${attempt} times, the last time because ` +
            `${error.message}: run the step again later, or give input mirror another source.`,
        );
      }
    }
    await pause(limits.pauseMs * attempt, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function* chunksOf({ body, size }: OpenedFile, { source, path, limits }: Fetch): AsyncGenerator<Uint8Array> {
  const stop = (reason: string) => (): unknown => body.destroy(new BrokenTransfer(reason));
  const watch = (): NodeJS.Timeout => setTimeout(stop(`nothing came for ${limits.stallMs / 1000} s`), limits.stallMs);
  const total = setTimeout(stop(`it took longer than ${limits.totalMs / 1000} s`), limits.totalMs);
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
