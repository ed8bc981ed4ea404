import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { leadsIntoGit } from '../common/task/git-names.ts';
import { isInside } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';
import { nameText } from '../common/task/real-path.ts';
import { visible } from '../common/text/shown.ts';
import { BadLink, followLink } from './follow-links.ts';

/** Files and folders that helm may find by links besides by their own names; no archive may hold more. */
const mostByLinks = 10_000;

/**
 * Refuses a chart with a link to something outside its own repository: helm would package what it points to, and so put
 * files of the agent, or of a repository that only has the chart's as a submodule, into the chart. Links in what a link
 * leads to count as well, since helm follows them all; each may lead within the repository that it lies in itself.
 * @param chart the chart's folder, its links resolved
 * @param sources the folder of the run's sources, its links resolved
 * @throws TaskError naming the first such link, one that leads round in a circle, what is neither file nor folder, or a name
 * that is no text; also when links lead to the same folders so often that helm would not come to an end
 */
export async function refuseOutsideLinks(chart: string, sources: string): Promise<void> {
  const tree = new ChartTree(chart, sources);
  const found = await tree.paths(chart, chart);
  if (found - tree.entries <= mostByLinks) return;
  throw new TaskError(
    `The chart's links lead to the same folders many times: helm would find ${found} files and folders, where ` +
      `${tree.entries} are. Put copies in the place of links to folders that hold links.`,
  );
}

/** All that helm finds in a chart: it follows every link and knows no folder again. */
class ChartTree {
  readonly #chart: string;
  readonly #sources: string;
  readonly #known = new Map<string, number>();
  readonly #open = new Set<string>();
  /** Files and folders, each counted once. */
  entries = 0;

  constructor(chart: string, sources: string) {
    this.#chart = chart;
    this.#sources = sources;
  }

  /** The number of files and folders below a folder, each counted by every path to it. @param by what leads there */
  async paths(folder: string, by: string): Promise<number> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    if (this.#open.has(folder)) throw this.#refusal(by, 'leads round in a circle');
    this.#open.add(folder);
    let count = 0;
    for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
      const name = nameText(entry.name);
      // Whatever is there is left out of the archive.
      if (leadsIntoGit([name])) continue;
      const file = path.join(folder, name);
      this.entries += 1;
      count += 1;
      if (entry.isDirectory()) count += await this.paths(file, file);
      else if (entry.isSymbolicLink()) count += await this.#behind(file);
      else if (!entry.isFile()) throw this.#irregular(file);
    }
    this.#open.delete(folder);
    this.#known.set(folder, count);
    return count;
  }

  async #behind(link: string): Promise<number> {
    try {
      const target = await followLink(link, this.#sources);
      if (isInside(link, target)) throw new BadLink(link, 'leads to a folder that holds the link itself');
      const found = await stat(target);
      if (found.isDirectory()) return await this.paths(target, link);
      if (!found.isFile()) throw this.#irregular(link);
      return 0;
    } catch (error) {
      throw error instanceof BadLink ? this.#refusal(error.link, error.fault) : error;
    }
  }

  /** Whoever opens one, as helm opens .helmignore, may wait for ever. */
  #irregular(file: string): TaskError {
    return new TaskError(`The chart has ${this.#nameOf(file)}, a named pipe, a socket or a device; take it out.`);
  }

  #refusal(link: string, fault: string): TaskError {
    return new TaskError(
      `The chart has a link, ${this.#nameOf(link)}, that ${fault}; put a copy of the file in its place.`,
    );
  }

  #nameOf(file: string): string {
    return visible(path.relative(this.#chart, file), 200);
  }
}
