import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A major version of Node on which the agent runs tasks. */
export type NodeMajor = '20' | '24';

/**
 * The absolute path of a Node of this major version: the one that npm installed beside us (Linux x64), else the one
 * that is running. Throws if neither fits.
 */
export async function node(major: NodeMajor): Promise<string> {
  const installed = fileURLToPath(new URL(`../../node_modules/node-${major}/bin/node`, import.meta.url));
  try {
    await access(installed);
    return installed;
  } catch {
    if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
    const running = `this is Node ${process.versions.node}`;
    throw new Error(
      `There is no Node ${major} here: the optional package node-${major} is not installed and ${running}.`,
    );
  }
}
