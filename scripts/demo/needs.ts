import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// What the demo needs of a machine, told in one sentence before anything else runs, also to an old Node.

interface Machine {
  /** Version of Node. */
  readonly node: string;
  readonly hasGit: boolean;
  readonly cache: string;
  readonly writable: (folder: string) => boolean;
}

/** What is missing on a machine, if anything. */
export function missing({ node, hasGit, cache, writable }: Machine): string | undefined {
  if (Number(node.split('.')[0]) < 20) return `The demo needs Node 20 or later; this is Node ${node}.`;
  if (!hasGit) return 'The demo needs git, which makes the commits of its charts; install it and put it on PATH.';
  if (!writable(cache)) {
    return `The demo keeps helm, kubectl and kubelogin in ${cache}, where this user cannot write; set XDG_CACHE_HOME to a folder that can be written.`;
  }
  return undefined;
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const home = process.platform === 'win32' ? process.env['LOCALAPPDATA'] : process.env['XDG_CACHE_HOME'];
  const problem = missing({
    node: process.versions.node,
    hasGit: spawnSync('git', ['--version']).status === 0,
    cache: path.join(home || path.join(homedir(), '.cache'), 'helm-delivery-for-aks'),
    writable: isWritable,
  });
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  }
}
