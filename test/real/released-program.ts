import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { buildByGo, reasonOf } from './go-build.ts';
import type { Program, ReleasedProgram } from './programs.ts';
import { unpackEntry, unpackTarEntry } from './unpack-program.ts';

const downloadLimitMs = 120_000;

/**
 * Writes the executable of a released program to `path`: downloaded and compared with its checksum, else built
 * by Go. Throws with what to install if neither is possible.
 */
export async function obtainReleased(program: Program, source: ReleasedProgram, path: string): Promise<void> {
  try {
    await download(source, path);
  } catch (error) {
    const reason = reasonOf(error);
    console.error(`${program.name} ${program.version} cannot be downloaded (${reason}).`);
    const advice = `make ${new URL(source.archive('linux', 'amd64')).host} reachable`;
    await buildByGo(program, source.build, path, { advice, reason });
  }
}

async function download(source: ReleasedProgram, path: string): Promise<void> {
  const processor = process.arch === 'x64' ? 'amd64' : process.arch;
  const windows = process.platform === 'win32';
  const system = windows ? 'win' : process.platform;
  const url = source.archive(system, processor);
  const archive = await fetchBytes(url);
  const expected = await publishedChecksum(url, source.checksums ?? `${url}.sha256`);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) throw new Error(`the SHA-256 of ${url} is ${actual}, not ${expected}`);
  if (source.entry === undefined) return await writeFile(path, archive, { mode: 0o755 });
  const file = `${path}.archive`;
  await writeFile(file, archive);
  const unpack = url.endsWith('.zip') ? unpackEntry : unpackTarEntry;
  await unpack(file, source.entry(windows ? 'windows' : process.platform, processor), path);
  await rm(file);
}

/** The checksum file holds that of the one file, or lines with the names of several. */
async function publishedChecksum(url: string, checksums: string): Promise<string> {
  const lines = (await fetchBytes(checksums)).toString().trim().split('\n');
  const line = lines.length === 1 ? lines[0] : lines.find((each) => each.endsWith(posix.basename(url)));
  const checksum = /^[0-9a-f]{64}\b/.exec(line ?? '')?.[0];
  if (checksum === undefined) throw new Error(`${checksums} has no SHA-256 of ${url}`);
  return checksum;
}

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(downloadLimitMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status} for ${url}`);
  return Buffer.from(await response.arrayBuffer());
}
