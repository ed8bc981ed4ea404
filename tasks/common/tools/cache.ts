import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { explainDisk } from './errors.ts';
import {
  executableMode,
  executableName,
  faultOf,
  folderMode,
  packedModeOf,
  packedName,
  type TrustedAsset,
} from './proof.ts';
import { unpackExecutable } from './unpack.ts';

/** A tool in the agent's tool cache. */
export interface CachedTool extends TrustedAsset {
  readonly tool: string;
  readonly version: string;
  readonly cpu: string;
}

type CacheContext = Pick<TaskContext, 'variable' | 'log'>;

/**
 * The executable in the cache that is proven to be the one of the trusted file, or undefined. The log tells of each copy
 * that is not: it is left alone, and the caller installs beside it.
 * @throws TaskError when the cache is none of this user's.
 */
export async function findInCache(tool: CachedTool, context: CacheContext): Promise<string | undefined> {
  for (const place of await placesOf(tool, context)) {
    if (!(await exists(place))) return undefined;
    const fault = await faultOf(place, tool);
    if (fault === undefined) return path.join(place, executableName(tool.asset));
    context.log.info(`${place} in the tool cache is not used and left alone, since ${fault}.`);
  }
  return undefined;
}

/**
 * Puts a tool into the cache. It is made aside and renamed, so that two jobs of one machine do not pull it from under each
 * other, and a job that is killed leaves no half of it in its place.
 * @param file the vendor's file, already compared with its checksum, where nobody else can write
 * @returns the path of the executable in the cache.
 * @throws TaskError when the file is damaged or the cache cannot be written.
 */
export async function addToCache(file: string, tool: CachedTool, context: CacheContext): Promise<string> {
  const { asset, maxExecutableBytes } = tool;
  const places = await placesOf(tool, context);
  const folder = path.dirname(places[0] ?? '');
  let ours: string | undefined;
  try {
    await removeLeftovers(folder);
    ours = await mkdtemp(path.join(folder, unfinished));
    const packed = path.join(ours, packedName(asset));
    const executable = path.join(ours, executableName(asset));
    await copyFile(file, packed);
    if (executable !== packed) await unpackExecutable(file, asset, executable, maxExecutableBytes);
    // The umask has no say in it.
    await chmod(packed, packedModeOf(asset));
    await chmod(executable, executableMode);
    await chmod(ours, folderMode);
    return path.join(await settle(ours, places, tool), executableName(asset));
  } catch (error) {
    throw explainDisk(error, folder) ?? error;
  } finally {
    if (ours !== undefined) await rm(ours, { recursive: true, force: true, maxRetries: 3 });
  }
}

const unfinished = '.new-';
/** No job takes so long to copy a file. */
const leftoverMs = 24 * 3_600_000;

/** Removes what jobs that were killed have left half done: a hundred megabytes each, which nobody would miss. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(unfinished)) continue;
    const leftover = path.join(folder, name);
    const made = await lstat(leftover).catch(() => undefined);
    if (made === undefined || Date.now() - made.mtimeMs < leftoverMs) continue;
    await rm(leftover, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** So many copies that cannot be proven are left lying beside each other. */
const mostPlaces = 4;

/**
 * Where a tool may lie, in the order in which it is looked for: `<cache>/delivery-tools-<user id>/helm/4.1.4/x64-<checksum>`,
 * then the same with -2 and so on. Each user has a folder of its own, since what others can write proves nothing, and each
 * trusted checksum a place of its own, so that two sources with different files are no matter.
 */
async function placesOf({ tool, version, cpu, checksum }: CachedTool, context: CacheContext): Promise<string[]> {
  const cache = context.variable('Agent.ToolsDirectory');
  if (cache === undefined) throw new TaskError('The agent has no tool cache (Agent.ToolsDirectory is not set).');
  const user = process.getuid === undefined ? '' : `-${process.getuid()}`;
  let folder = cache;
  try {
    await mkdir(cache, { recursive: true, mode: folderMode });
    for (const level of [`delivery-tools${user}`, tool, version]) {
      folder = path.join(folder, level);
      await ownFolder(folder);
    }
  } catch (error) {
    throw explainDisk(error, folder) ?? error;
  }
  const first = path.join(folder, `${cpu}-${checksum.slice(0, 16)}`);
  return Array.from({ length: mostPlaces }, (_, index) => (index === 0 ? first : `${first}-${index + 1}`));
}

/** Makes a level of the cache, or makes sure that it is a folder that this user alone can write. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: folderMode }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new TaskError(
      `${folder} is in the place of the tool cache, but it is a link or no folder of the agent's user: remove it, or give ` +
        'the agent a folder for tools of its own (AGENT_TOOLSDIRECTORY).',
    );
  }
  if (process.getuid !== undefined && (found.mode & 0o777) !== folderMode) await chmod(folder, folderMode);
}

async function exists(place: string): Promise<boolean> {
  return lstat(place).then(
    () => true,
    () => false,
  );
}

const attempts = 5;

/** Gives our folder the first free place, unless another job has put the same there meanwhile. Returns the place. */
async function settle(ours: string, places: readonly string[], tool: CachedTool): Promise<string> {
  for (const candidate of places) {
    if (await moved(ours, candidate)) return candidate;
    if ((await faultOf(candidate, tool)) === undefined) return candidate;
  }
  // All are taken by what cannot be proven; on disks that keep neither modes nor owners everything is.
  const last = places.at(-1) ?? '';
  await rm(last, { recursive: true, force: true, maxRetries: 3 });
  await rename(ours, last);
  return last;
}

/** Renames a folder, unless something stands there. On Windows a virus scanner may hold a new file for a moment. */
async function moved(ours: string, candidate: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    if (await exists(candidate)) return false;
    try {
      await rename(ours, candidate);
      return true;
    } catch (error) {
      if (attempt >= attempts) throw error;
    }
    await pause(100 * attempt);
  }
}
