import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { GoBuild, Program, ReleasedProgram } from './programs.ts';
import { unpackEntry } from './unpack-program.ts';

const downloadLimitMs = 120_000;

/**
 * Writes the executable of a released program to `path`: downloaded and compared with the vendor's checksum, else built
 * by Go. Throws with what to install if neither is possible.
 */
export async function obtainReleased({ name, version }: Program, source: ReleasedProgram, path: string): Promise<void> {
  const downloading = await attempt(() => download(source, path));
  if (downloading.ok) return;
  console.error(`${name} ${version} cannot be downloaded (${downloading.reason}); Go builds it, in about a minute.`);
  const building = await attempt(() => build(source.build, dirname(path)));
  if (building.ok) return;
  throw new Error(
    `There is no ${name} ${version} for the tests: install Go ${source.build.go} or later from https://go.dev/dl, or ` +
      `make ${new URL(source.archive('linux', 'amd64')).host} reachable (${downloading.reason}; ${building.reason}).`,
  );
}

async function attempt(work: () => Promise<void>): Promise<{ ok: true } | { ok: false; reason: string }> {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

async function download(source: ReleasedProgram, path: string): Promise<void> {
  const processor = process.arch === 'x64' ? 'amd64' : process.arch;
  const windows = process.platform === 'win32';
  const url = source.archive(windows ? 'win' : process.platform, processor);
  const [archive, checksum] = await Promise.all([fetchBytes(url), fetchBytes(`${url}.sha256`)]);
  const expected = /^[0-9a-f]{64}\b/.exec(checksum.toString())?.[0];
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) throw new Error(`the SHA-256 of ${url} is ${actual}, not ${expected}`);
  const file = `${path}.zip`;
  await writeFile(file, archive);
  await unpackEntry(file, source.entry(windows ? 'windows' : process.platform, processor), path);
  await rm(file);
}

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(downloadLimitMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status} for ${url}`);
  return Buffer.from(await response.arrayBuffer());
}

async function build({ module, linkerFlags }: GoBuild, folder: string): Promise<void> {
  const env = { ...process.env, GOBIN: folder };
  await promisify(execFile)('go', ['install', '-ldflags', linkerFlags, module], { env });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message.trim().split('\n').at(-1)}${cause}`;
}
