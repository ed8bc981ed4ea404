import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { diskProblem } from './download-error.ts';
import { receive, type Fetch } from './receive.ts';

/** Checksum and version files hold a line, or one for each file of a release. */
const largestText = 64 * 1024;

/** A small text file, or undefined when the source has none of that path. @throws TaskError as `receive` does. */
export function fetchText(fetch: Fetch): Promise<string | undefined> {
  const limits = { ...fetch.limits, maxFileBytes: largestText };
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
      throw diskProblem(error, dirname(target)) ?? error;
    }
    return hash.digest('hex');
  });
}
