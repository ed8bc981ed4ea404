import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { entryNameParts } from '../archive/names.ts';
import { ArchiveFault } from '../../archive/tar-format.ts';
import { readRegularFile } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { nameText } from '../../task/job-files.ts';
import { shown } from '../../text/shown.ts';
import { leadsIntoGit } from '../../task/job-files.ts';
import { type IgnoreRules, ignoreRules } from './helmignore.ts';
import { linkTarget } from './outside-links.ts';

/** What helm would package of a chart's folder. */
export interface ChartFiles {
  /** The chart's folder, its links resolved. */
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly real: string }[];
  /** Paths in the chart, as those of the files; a folder comes before what is in it. */
  readonly folders: readonly string[];
  /** Whether git's own files were among them (see git-files.ts). */
  readonly hasGit: boolean;
}

/** A chart of more bytes is refused by helm when it is unpacked; one of more files by us. */
const [mostBytes, mostNames] = [100 * 1024 * 1024, 10_000];
/** In bytes; more than any rules need. */
const largestRules = 64 * 1024;

/**
 * Lists the files of a chart as helm walks them: through links, and not into what .helmignore names, which is never
 * looked at. Git's own files are passed over, too (see git-files.ts).
 * @param folder the chart's folder, its links resolved
 * @param sources the folder of the run's sources, its links resolved
 * @throws TaskError naming the link that leads outside of its repository or in a circle, or the file that no archive of a
 * chart may hold
 */
export async function filesOfChart(folder: string, sources: string): Promise<ChartFiles> {
  const walk = new Walk(folder, sources);
  await walk.into({ name: '', real: folder, above: [] }, await rulesOf(folder, sources));
  return { folder, files: walk.files, folders: walk.folders, hasGit: walk.hasGit };
}

async function rulesOf(folder: string, sources: string): Promise<IgnoreRules> {
  const file = path.join(folder, '.helmignore');
  const found = await readdir(folder, { withFileTypes: true });
  const isLink = found.some((entry) => entry.name === '.helmignore' && entry.isSymbolicLink());
  const real = isLink ? await linkTarget(file, { chart: folder, sources, above: [] }) : file;
  return ignoreRules((await readRegularFile(real, largestRules))?.toString());
}

interface Place {
  /** Path in the chart, with slashes; empty for the chart itself. */
  readonly name: string;
  readonly real: string;
  /** The real folders that lead here, which no link may lead back to. */
  readonly above: readonly string[];
}

class Walk {
  readonly files: { name: string; real: string }[] = [];
  readonly folders: string[] = [];
  hasGit = false;
  readonly #chart: string;
  readonly #sources: string;
  #bytes = 0;

  constructor(chart: string, sources: string) {
    this.#chart = chart;
    this.#sources = sources;
  }

  async into(place: Place, rules: IgnoreRules): Promise<void> {
    const above = [...place.above, place.real];
    for (const { entry, own } of await entriesIn(place.real)) {
      const name = place.name === '' ? own : `${place.name}/${own}`;
      const file = path.join(place.real, own);
      const isFolder = await leadsToFolder(entry, file);
      // Helm needs the rules themselves, also where they name their own file.
      if (name !== '.helmignore' && rules.ignores(name, isFolder)) continue;
      if (leadsIntoGit(name.split('/'))) {
        this.hasGit = true;
        continue;
      }
      const real = entry.isSymbolicLink()
        ? await linkTarget(file, { chart: this.#chart, sources: this.#sources, above })
        : file;
      this.#checkName(name, file);
      if (isFolder) {
        this.folders.push(name);
        await this.into({ name, real, above }, rules);
      } else await this.#add(name, real);
      this.#checkCount();
    }
  }

  async #add(name: string, real: string): Promise<void> {
    const found = await stat(real);
    if (!found.isFile()) {
      throw new TaskError(
        `${shown(this.#shownName(real))} is no regular file but a device, a pipe or a socket, which no chart can hold; ` +
          'name it in .helmignore.',
      );
    }
    this.#bytes += found.size;
    if (this.#bytes > mostBytes) {
      throw new TaskError(
        `The chart in ${shown(this.#shownName(this.#chart))} has more than 100 MiB (up to ${shown(name)}), which is all that ` +
          'helm unpacks; name in .helmignore what is no part of it.',
      );
    }
    this.files.push({ name, real });
  }

  /** Names that only Windows minds are told when the archive is read, which may hold more of them. */
  #checkName(name: string, file: string): void {
    try {
      entryNameParts(`chart/${name}`, () => {});
    } catch (error) {
      if (!(error instanceof ArchiveFault)) throw error;
      throw new TaskError(
        `The chart ${error.message.replace('"chart/', '"')}; rename ${shown(this.#shownName(file))}, or name it in .helmignore.`,
      );
    }
  }

  #checkCount(): void {
    if (this.files.length + this.folders.length <= mostNames) return;
    throw new TaskError(
      `The chart in ${shown(this.#shownName(this.#chart))} has more than ${mostNames} files and folders; name in ` +
        '.helmignore what is no part of it.',
    );
  }

  /** As it stands in the sources. */
  #shownName(file: string): string {
    return path.relative(this.#sources, file) || '.';
  }
}

/** What is in a folder, by name. @throws TaskError for a name that is no text */
async function entriesIn(folder: string): Promise<{ own: string; entry: Dirent<Buffer> }[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => ({ own: nameText(entry.name), entry })).sort((a, b) => (a.own < b.own ? -1 : 1));
}

/** Only what kind it is: a link that is ignored is looked at no further. */
async function leadsToFolder(entry: Dirent<Buffer>, file: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
