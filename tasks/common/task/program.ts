import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { TaskError } from './outcome.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What PATH names: the places where programs are looked for, and the entries that are no place of their own. */
export interface SearchPath {
  /** Absolute folders, in the order of PATH. */
  readonly folders: readonly string[];
  /** Empty and relative entries. They mean the working directory, which is the sources, so they do not count. */
  readonly relative: readonly string[];
}

/** The parts of a PATH. On Windows its name is written in any case, and entries may stand in quotes. */
export function searchPath(environment: Environment = process.env, platform = process.platform): SearchPath {
  const isWindows = platform === 'win32';
  const name = Object.keys(environment).findLast((each) => each === 'PATH' || (isWindows && /^path$/i.test(each)));
  const value = name === undefined ? undefined : environment[name];
  const written = value?.split(isWindows ? ';' : ':') ?? [];
  const entries = isWindows ? written.map((entry) => entry.replaceAll('"', '')) : written;
  return {
    folders: entries.filter((entry) => isWholePath(entry, platform)),
    relative: entries.filter((entry) => !isWholePath(entry, platform)),
  };
}

/** Whether a path means the same in every working directory. On Windows `\tools` and `C:tools` do not. */
export function isWholePath(file: string, platform = process.platform): boolean {
  return platform === 'win32' ? /^(?:[a-z]:[\\/]|[\\/]{2}[^\\/])/i.test(file) : path.posix.isAbsolute(file);
}

/**
 * The absolute path of a program that is known by its name, by the PATH of this step; that of later steps may differ.
 * A bare name is never given to the system: it would look in the working directory, too, on Windows even first.
 * @throws TaskError when PATH has no such program, or on Windows only one that its shell alone can run.
 */
export function programPath(name: string): string {
  if (isWholePath(name)) return name;
  const { folders, relative } = searchPath();
  const found = programIn(folders, name);
  if (found !== undefined) return found;
  const dropped = relative.map((entry) => `'${entry}'`).join(', ');
  const note = ` (its relative entries do not count, since the sources would be searched by them: ${dropped})`;
  throw new TaskError(`There is no ${name} on the PATH of this agent${dropped === '' ? '' : note}.`);
}

/**
 * The first executable file of this name in the folders.
 * @throws TaskError when there are batch files only: cmd.exe reads arguments by rules of its own, so that a name with `&`
 * or `%` in it would be a command (Node refuses them since CVE-2024-27980).
 */
export function programIn(folders: readonly string[], name: string, platform = process.platform): string | undefined {
  const find = (file: string): string | undefined =>
    folders.map((folder) => path.join(folder, file)).find((candidate) => isProgram(candidate));
  if (platform !== 'win32') return find(name);
  const found = find(`${name.replace(/\.exe$/i, '')}.exe`);
  const batch = found === undefined ? (find(`${name}.cmd`) ?? find(`${name}.bat`)) : undefined;
  if (batch === undefined) return found;
  throw new TaskError(
    `${batch} is a batch file, which is not run, since the shell of Windows would act on its arguments; put ${name}.exe on ` +
      'PATH instead.',
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What the agent hands to the task alone: inputs, connections, secret variables, secure files, and what it remembers. */
const ofTheTask = /^(?:INPUT|ENDPOINT|SECRET|SECUREFILE|VSTS_TASKVARIABLE)_|^SYSTEM_ACCESSTOKEN$/i;

const systemFolders = { posix: '/usr/bin:/bin', windows: 'C:\\Windows\\System32' };

/**
 * The environment of a program that a task starts: the task's own, without what only the task needs, and without entries
 * of PATH that would lead the program's own programs (plugins, credential helpers) into the sources.
 * @param added what this program is given besides; undefined removes a name. It may hold what is taken away otherwise.
 */
export function childEnvironment(
  added: Environment = {},
  own: Environment = process.env,
  platform = process.platform,
): Record<string, string | undefined> {
  const isWindows = platform === 'win32';
  const inherited = Object.entries(own).filter(([name]) => !ofTheTask.test(name));
  const all: Record<string, string | undefined> = { ...Object.fromEntries(inherited), ...added };
  const { folders } = searchPath(all, platform);
  // An empty PATH means the working directory to some shells, and a missing one to others.
  const PATH = folders.join(isWindows ? ';' : ':') || (isWindows ? systemFolders.windows : systemFolders.posix);
  const others = Object.entries(all).filter(([name]) => !(isWindows ? /^path$/i : /^PATH$/).test(name));
  // Without it Windows looks for programs in the working directory before it looks at PATH.
  const strict = isWindows ? { NoDefaultCurrentDirectoryInExePath: '1' } : {};
  return { ...Object.fromEntries(others), PATH, ...strict };
}
