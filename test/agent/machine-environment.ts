import type { WorkTree } from './work-tree.ts';

/** What a process needs from the machine to start at all; nothing else of the caller's environment reaches a step. */
const inherited = ['LANG', 'SystemRoot', 'ComSpec', 'PATHEXT', 'WINDIR', 'ProgramFiles', 'ProgramData'];

/**
 * The environment of the agent's process: PATH and the bare system settings of this machine, an own home and temp folder,
 * and over them what the caller adds.
 */
export function machineEnvironment(tree: WorkTree, added: Readonly<Record<string, string>>): Record<string, string> {
  const { home, machineTemp } = tree;
  const folders =
    process.platform === 'win32'
      ? { USERPROFILE: home, APPDATA: home, LOCALAPPDATA: home, TEMP: machineTemp, TMP: machineTemp }
      : { HOME: home, TMPDIR: machineTemp };
  const system = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(system), PATH: process.env['PATH'] ?? '', ...folders, ...added };
}
