import path from 'node:path';
import { TaskError } from '../task/errors.ts';
import { fetchText } from './fetch.ts';
import type { Fetch } from './receive.ts';
import type { Asset } from './tool-definitions.ts';

/**
 * The SHA-256 of an asset, in hex, from the checksum file beside it.
 * @throws TaskError when there is no such file or it holds no checksum of this asset: without one nothing is installed.
 */
export async function publishedChecksum(asset: Asset, from: Omit<Fetch, 'path'>): Promise<string> {
  const text = await fetchText({ ...from, path: asset.checksumPath });
  if (text === undefined) {
    throw new TaskError(
      `${from.source.name} has no ${asset.checksumPath}, and without a checksum nothing is installed: check that this ` +
        "version exists for this platform and, with a mirror, that it keeps the vendor's paths and checksum files.",
    );
  }
  const checksum = checksumIn(text, path.posix.basename(asset.path));
  if (checksum !== undefined) return checksum;
  throw new TaskError(
    `${asset.checksumPath} from ${from.source.name} holds no SHA-256 of ${path.posix.basename(asset.path)} but ` +
      `'${text.trim().slice(0, 60)}', and without a checksum nothing is installed; is it a sign-in page?`,
  );
}

/** Either nothing but the checksum, or lines as sha256sum writes them: checksum, space, space or star, file name. */
function checksumIn(text: string, file: string): string | undefined {
  const lines = text.trim().split(/\r?\n/);
  const entries = lines.map((line) => /^([0-9a-f]{64})(?:[ \t]+\*?(\S+))?$/i.exec(line.trim()));
  const named = entries.find((entry) => entry?.[2] !== undefined && path.posix.basename(entry[2]) === file);
  const bare = lines.length === 1 && entries[0]?.[2] === undefined ? entries[0] : undefined;
  return (named ?? bare)?.[1]?.toLowerCase();
}
