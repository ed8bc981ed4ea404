import { createWriteStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { leadsIntoGit } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { readMetadataFile } from '../metadata/folder.ts';
import { readHelmMetadata } from '../metadata/metadata.ts';
import { inspectArchive } from './inspect.ts';
import { type ArchiveLimits, walkArchive } from './walk.ts';

/**
 * Unpacks a chart archive into `<destination>/<chart name>` and returns that folder. The whole archive is checked before
 * anything is written, and the folder appears at once or not at all, without a `.git` that may be in it. A folder there that holds a chart of the same name
 * (an earlier version, say) is replaced, so a step can run again; anything else there is left alone.
 * @throws TaskError when the archive is not a harmless chart, or something else is in the folder's place
 */
export async function unpackArchive(
  archive: string,
  destination: string,
  limits: Partial<ArchiveLimits> = {},
): Promise<string> {
  const { metadata, digest } = await inspectArchive(archive, limits);
  await makeDestination(destination);
  const parent = await realpath(destination);
  const folder = path.join(parent, metadata.name);
  const replaces = await checkPlace(folder, metadata.name);
  const workFolder = await mkdtemp(path.join(parent, `.${metadata.name}-`));
  try {
    await writeFiles(archive, limits, workFolder, digest);
    if (replaces) await rename(folder, path.join(workFolder, 'replaced'));
    await rename(path.join(workFolder, 'new', metadata.name), folder);
  } finally {
    await rm(workFolder, { recursive: true, force: true, maxRetries: 3 });
  }
  return path.join(destination, metadata.name);
}

async function makeDestination(destination: string): Promise<void> {
  await mkdir(destination, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' && error.code !== 'ENOTDIR') throw error;
    throw new TaskError(`The chart cannot be unpacked to ${shown(destination)}, because that is a file.`);
  });
}

/** True when the folder exists and may be replaced. Links are never followed. */
async function checkPlace(folder: string, name: string): Promise<boolean> {
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return false;
  const refusal = `The chart cannot be unpacked to ${shown(folder)}`;
  if (!found.isDirectory()) throw new TaskError(`${refusal}: a file or link is in its place. Remove it.`);
  if ((await nameOfChartIn(folder)) !== name) {
    throw new TaskError(`${refusal}: the folder in its place does not hold the chart ${shown(name)}. Remove it.`);
  }
  return true;
}

async function nameOfChartIn(folder: string): Promise<string | undefined> {
  try {
    return readHelmMetadata((await readMetadataFile(folder, 'Chart.yaml', { within: folder })) ?? '').name;
  } catch (error) {
    if (error instanceof TaskError) return undefined;
    throw error;
  }
}

async function writeFiles(archive: string, limits: Partial<ArchiveLimits>, workFolder: string, digest: string) {
  const walked = await walkArchive(archive, limits, async (file) => {
    // Where a script runs git in the chart's folder later, git would run what the chart's `.git/config` says.
    if (leadsIntoGit(file.parts)) return;
    const target = path.join(workFolder, 'new', ...file.parts);
    await mkdir(path.dirname(target), { recursive: true });
    await pipeline(Readable.from(file.body), createWriteStream(target, { flags: 'wx', mode: 0o644 }));
  });
  if (walked.digest !== digest)
    throw new TaskError(`The chart archive ${shown(archive)} changed while it was unpacked.`);
}
