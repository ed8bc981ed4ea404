import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { leadsIntoGit } from '../../task/job-files.ts';
import { isInside } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { nameText, realPath } from '../../task/job-files.ts';
import { repositoryRoot } from './repository-root.ts';

/** As many as Linux follows on one way. */
const mostLinks = 40;

/** A link that must not be followed. */
export class BadLink extends Error {
  override readonly name = 'BadLink';

  constructor(
    readonly link: string,
    /** A clause that follows the link's name: `leads to nothing`. */
    readonly fault: string,
  ) {
    super(`${link} ${fault}`);
  }
}

/**
 * What a path leads to, its links resolved one by one: each that lies in the sources may lead within the repository that it
 * lies in itself, be it the first or the last of a chain. Undefined when nothing is there, or nothing that can be seen.
 * @param sources the folder of the run's sources, its links resolved
 * @throws BadLink; TaskError for names that are no text
 */
export async function follow(file: string, sources: string): Promise<string | undefined> {
  try {
    return await new Way(sources).along(path.resolve(file));
  } catch (error) {
    if (error instanceof BadLink || error instanceof TaskError) throw error;
    return undefined;
  }
}

/** The same for one link, which must lead to something. @param link the folder that holds it has no links on its way */
export async function followLink(link: string, sources: string): Promise<string> {
  const target = await follow(link, sources);
  if (target === undefined) throw new BadLink(link, 'leads to nothing');
  return target;
}

/** Whether an absolute path in the sources is one of git's own files, where persisted credentials lie. */
export function isGits(file: string, sources: string): boolean {
  return leadsIntoGit(path.relative(sources, file).split(path.sep));
}

class Way {
  readonly #sources: string;
  #links = 0;

  constructor(sources: string) {
    this.#sources = sources;
  }

  async along(file: string): Promise<string> {
    const { root } = path.parse(file);
    let at = root;
    for (const part of file.slice(root.length).split(path.sep === '/' ? '/' : /[\\/]/)) {
      if (part === '' || part === '.') continue;
      const next = path.join(at, part);
      at = part !== '..' && (await lstat(next)).isSymbolicLink() ? await this.#behind(next) : next;
    }
    // The same folder may have other names: short ones on Windows, other case.
    return (await realPath(at)) ?? at;
  }

  async #behind(link: string): Promise<string> {
    this.#links += 1;
    if (this.#links > mostLinks) throw new BadLink(link, 'leads round in a circle');
    const folder = (await realPath(path.dirname(link))) ?? path.dirname(link);
    const text = nameText(await readlink(link, { encoding: 'buffer' }));
    // Not path.resolve for what is relative: `..` behind a link is the parent of what the link leads to.
    const target = await this.along(path.isAbsolute(text) ? path.resolve(folder, text) : `${folder}${path.sep}${text}`);
    if (isInside(folder, this.#sources)) await this.#check(link, folder, target);
    return target;
  }

  async #check(link: string, folder: string, target: string): Promise<void> {
    const sources = this.#sources;
    if (!isInside(target, sources)) throw new BadLink(link, `leads to ${target}, outside the sources`);
    const repository = await repositoryRoot(folder, sources);
    if (!isInside(target, repository)) {
      throw new BadLink(link, `leads to ${target}, outside the repository that it lies in (${repository})`);
    }
    if (isGits(target, sources)) {
      throw new BadLink(link, `leads to ${target}, into a repository's own files, which may hold the job's token`);
    }
  }
}
