import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { findLocalTool } from 'azure-pipelines-tool-lib/tool.js';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { explainDisk } from './errors.ts';

/** A place in the agent's tool cache. */
export interface CacheKey {
  /** Name of the executable. */
  readonly executable: string;
  readonly tool: string;
  readonly version: string;
  readonly cpu: string;
}

/** Other tasks cache the same tools without having checked them; these names are ours alone. */
const cacheName = (tool: string): string => `helm-delivery-${tool}`;

/** The executable in the cache, if it was put there whole. */
export function findInCache({ tool, version, cpu, executable }: CacheKey): string | undefined {
  const folder = findLocalTool(cacheName(tool), version, cpu);
  return folder && path.join(folder, executable);
}

/**
 * Puts an executable into the cache, where tool-lib finds it. tool-lib's own cacheFile deletes what is there and copies,
 * so that two jobs of one machine would pull the tool from under each other; this one copies aside and renames, which
 * leaves the first whole copy in place. The mark that says it is complete comes last.
 * @returns the path of the executable in the cache.
 * @throws TaskError when the cache cannot be written.
 */
export async function addToCache(
  file: string,
  { tool, version, cpu, executable }: CacheKey,
  context: Pick<TaskContext, 'variable'>,
): Promise<string> {
  const cache = context.variable('Agent.ToolsDirectory');
  if (cache === undefined) throw new TaskError('The agent has no tool cache (Agent.ToolsDirectory is not set).');
  const versionFolder = path.join(cache, cacheName(tool), version);
  const folder = path.join(versionFolder, cpu);
  let ours: string | undefined;
  try {
    await mkdir(versionFolder, { recursive: true });
    ours = await mkdtemp(path.join(versionFolder, '.new-'));
    await copyFile(file, path.join(ours, executable));
    // mkdtemp's folder is for this user alone; the tool is for all.
    await Promise.all([chmod(ours, 0o755), chmod(path.join(ours, executable), 0o755)]);
    await place(ours, folder, executable);
    await writeFile(`${folder}.complete`, '');
    return path.join(folder, executable);
  } catch (error) {
    throw explainDisk(error, versionFolder) ?? error;
  } finally {
    for (const leftover of ours === undefined ? [] : [ours, aside(ours)]) {
      await rm(leftover, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

const aside = (ours: string): string => `${ours}.old`;

const placeAttempts = 5;

/** Gives our folder its name in the cache, unless another job has put the same there already. */
async function place(ours: string, folder: string, executable: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(ours, folder);
    } catch (error) {
      const digests = await Promise.all([ours, folder].map((each) => digestOf(path.join(each, executable))));
      if (digests[0] === digests[1]) return;
      if (attempt >= placeAttempts) throw error;
    }
    // Something else stands there, which nobody can have been using: it goes.
    await rename(folder, aside(ours)).catch(() => undefined);
    // On Windows a virus scanner may hold a new file open for a moment.
    await pause(100 * attempt);
  }
}

async function digestOf(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  const read = pipeline(createReadStream(file), hash);
  return read.then(
    () => hash.digest('hex'),
    () => undefined,
  );
}
