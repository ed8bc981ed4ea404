import { type Dirent, statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { messageOf, TaskError } from './outcome.ts';

/** Files and folders behind links that are looked at: links can lead to the same folder any number of times. */
const mostByLinks = 10_000;

/**
 * Files that the patterns name, sorted; a pattern starts from the working directory. Links are followed as task-lib follows
 * them, but it walks through them without end or ear for a cancel, and gives up at a file that goes meanwhile.
 * @throws TaskError when a folder cannot be read, or links lead to too many files; the signal's reason on cancel
 */
export async function findFiles(patterns: readonly string[], signal: AbortSignal): Promise<string[]> {
  const workingDirectory = tl.getVariable('System.DefaultWorkingDirectory') ?? process.cwd();
  // A path as another task gave it may hold characters that mean something else in a pattern.
  const literal = patterns.map((pattern) => path.resolve(workingDirectory, pattern)).filter(isFile);
  const fixed = patterns.filter((pattern) => !pattern.startsWith('!')).map(fixedPart);
  const parts = fixed.filter((part) => part !== undefined);
  const roots = new Set(parts.map((part) => path.resolve(workingDirectory, part)));
  const all = await new Search(signal).below([...roots]);
  const found = tl.match(all, [...patterns], workingDirectory, { dot: true, nocomment: true });
  return [...new Set([...literal, ...found])].sort();
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The folders of a pattern before the first part that may mean something else than itself; undefined when none does. */
function fixedPart(pattern: string): string | undefined {
  const parts = pattern.split(path.sep === '/' ? '/' : /[\\/]/);
  const magic = parts.findIndex((part) => /[*?[\]{}\\]|[+@!]\(/.test(part));
  if (magic === -1) return undefined;
  return magic === 0 ? '.' : `${parts.slice(0, magic).join('/')}/`;
}

interface Folder {
  readonly path: string;
  /** The folders on the way to it, without links, itself included. */
  readonly way: readonly string[];
  readonly byLink: boolean;
}

class Search {
  readonly #signal: AbortSignal;
  readonly #files = new Set<string>();
  #byLinks = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** All files in these folders and those below. */
  async below(roots: readonly string[]): Promise<string[]> {
    const folders: Folder[] = [];
    for (const root of roots) {
      const real = await realpath(root).catch(() => undefined);
      if (real !== undefined) folders.push({ path: root, way: [real], byLink: false });
    }
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      this.#signal.throwIfAborted();
      for (const entry of await entriesOf(folder.path)) {
        const next = await this.#lookAt(entry, folder);
        if (next !== undefined) folders.push(next);
      }
    }
    return [...this.#files];
  }

  async #lookAt(entry: Dirent, { path: parent, way, byLink }: Folder): Promise<Folder | undefined> {
    const file = path.join(parent, entry.name);
    if (byLink) this.#count(file);
    if (entry.isFile()) this.#files.add(file);
    if (entry.isDirectory()) return { path: file, way: [...way, path.join(way.at(-1) ?? '', entry.name)], byLink };
    if (!entry.isSymbolicLink()) return undefined;
    const target = await stat(file).catch(() => undefined);
    if (target?.isFile() === true) this.#files.add(file);
    if (target?.isDirectory() !== true) return undefined;
    const real = await realpath(file);
    return way.includes(real) ? undefined : { path: file, way: [...way, real], byLink: true };
  }

  #count(file: string): void {
    this.#byLinks += 1;
    if (this.#byLinks <= mostByLinks) return;
    throw new TaskError(
      `Links lead to more than ${mostByLinks} files and folders, such as ${file}: give a pattern that does not start above them.`,
    );
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // It went meanwhile, or was never there.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new TaskError(`${folder} cannot be searched for files (${messageOf(error)}).`);
  });
}
