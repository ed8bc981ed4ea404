import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../task/outcome.ts';
import type { Asset } from './definitions.ts';
import { executableIn } from './unpack.ts';

/** A tool's vendor file, and why it is believed. */
export interface TrustedAsset {
  readonly asset: Asset;
  /** SHA-256 of the file that the caller has reason to trust now, in hex: pinned, or published by the source asked now. */
  readonly checksum: string;
  /** Largest executable, in bytes. */
  readonly maxExecutableBytes: number;
}

/** What lies in a place of the cache: the vendor's file as it was hashed, and the executable out of it, often the same. */
export const packedName = ({ path: file }: Asset): string => path.posix.basename(file);
export const executableName = ({ entry }: Asset): string => path.posix.basename(entry);

/** Everybody may run what is in the cache, and only its owner write it, whatever the umask was. */
export const [folderMode, executableMode, packedMode] = [0o755, 0o755, 0o644];
export const packedModeOf = ({ packing }: Asset): number => (packing === 'none' ? executableMode : packedMode);

class Fault extends Error {}

/**
 * Why the executable in a folder of the cache cannot be proven to be the one in the trusted file; undefined when it is.
 * Proven means: the vendor's file beside it has the trusted checksum, and what it unpacks to equals the executable byte for
 * byte. A mark or a recorded checksum would prove nothing: whoever can write the one can write the other.
 *
 * What another job of the same user changes after that is not seen: between jobs of one user there is no boundary, since
 * each could as well change the agent itself.
 */
export async function faultOf(folder: string, { asset, checksum, maxExecutableBytes }: TrustedAsset) {
  const opened: FileHandle[] = [];
  const openOwn = async (name: string, mode: number): Promise<FileHandle> => {
    const handle = await openRegular(path.join(folder, name));
    opened.push(handle);
    const found = await handle.stat();
    if (!found.isFile()) throw new Fault(`${name} in it is no regular file`);
    // A program may not lend its owner's rights.
    checkOwner(found, name, found.mode & 0o7777, mode);
    return handle;
  };
  try {
    const found = await lstat(folder);
    if (!found.isDirectory()) return 'it is no folder, or a link to one';
    // It may pass its group on to what is made in it.
    checkOwner(found, 'the folder', found.mode & 0o777, folderMode);
    const packed = await openOwn(packedName(asset), packedModeOf(asset));
    const actual = await sha256Of(packed);
    if (actual !== checksum) return `${packedName(asset)} in it has the SHA-256 ${actual}, not ${checksum}`;
    if (asset.packing === 'none') return undefined;
    const executable = await openOwn(executableName(asset), executableMode);
    const content = executableIn(path.join(folder, packedName(asset)), asset, maxExecutableBytes);
    return (await holds(executable, content))
      ? undefined
      : `${executableName(asset)} in it is not the one that was packed`;
  } catch (error) {
    return error instanceof Fault ? error.message : `it cannot be read (${messageOf(error)})`;
  } finally {
    await Promise.all(opened.map((handle) => handle.close()));
  }
}

/** Opens a file without following a link, and without waiting where it is a named pipe. */
async function openRegular(file: string): Promise<FileHandle> {
  const isLink = (await lstat(file)).isSymbolicLink();
  if (isLink) throw new Fault(`${path.basename(file)} in it is a link`);
  // Windows has neither flag.
  return open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}

function checkOwner({ uid }: Stats, name: string, mode: number, wanted: number): void {
  if (process.getuid === undefined) return;
  if (uid !== process.getuid()) throw new Fault(`${name} belongs to the user with the id ${uid}`);
  if (mode !== wanted) throw new Fault(`${name} has the mode ${mode.toString(8)}, not ${wanted.toString(8)}`);
}

async function sha256Of(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ autoClose: false, start: 0, highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

/** Whether a file has this content and nothing after it. */
async function holds(file: FileHandle, content: AsyncIterable<Uint8Array>): Promise<boolean> {
  let position = 0;
  let buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    if (buffer.length < chunk.length) buffer = Buffer.alloc(chunk.length);
    const { bytesRead } = await file.read(buffer, 0, chunk.length, position);
    if (bytesRead !== chunk.length || buffer.compare(chunk, 0, chunk.length, 0, bytesRead) !== 0) return false;
    position += bytesRead;
  }
  return (await file.stat()).size === position;
}
