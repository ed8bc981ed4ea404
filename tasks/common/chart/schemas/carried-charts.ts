import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ChartFile, walkArchive } from '../archive/walk.ts';
import { readMetadataFile } from '../metadata/folder.ts';
import { metadataText } from '../metadata/metadata.ts';
import type { TaskContext } from '../../task/context.ts';
import { TaskError } from '../../task/outcome.ts';
import { visible } from '../../text/shown.ts';

/** What helm reads as a values schema. */
const schemaFile = 'values.schema.json';
/** Bytes; helm loads no larger file (since 3.17.3). */
const largestSchema = 5 * 1024 * 1024;
/** Bytes that all packed charts within a chart may unfold to, those in them included. */
const mostUnpacked = 256 * 1024 * 1024;
/** Packed charts within a chart; small ones would take a file and some work each, without end. */
const mostArchives = 2000;
/** A chart's name in `charts/`; helm leaves out those that begin so otherwise (pkg/chart/loader/load.go). */
const carried = '[^/_.][^/]*';
const schemaInside = new RegExp(`^(charts/${carried}/)*values\\.schema\\.json$`);
const archiveInside = new RegExp(`^(charts/${carried}/)*charts/${carried}\\.tgz$`);

/** Told the place of each values schema, such as `charts/common-1.2.0.tgz: common/values.schema.json`, and its text. */
export type SchemaVisitor = (place: string, text: string) => void;

/**
 * Looks through a chart and all charts that it carries, in folders or packed, as helm does when it loads it.
 * @throws TaskError when one of them is damaged, too large or not harmless.
 */
export async function visitSchemas(
  chart: string,
  context: Pick<TaskContext, 'privateFolder' | 'signal'>,
  visit: SchemaVisitor,
): Promise<void> {
  const archives = await visitFolders(chart, visit);
  const scratch = await mkdtemp(path.join(context.privateFolder(), 'carried-'));
  try {
    let left = mostUnpacked;
    // Grows while it is walked, by the archives in archives.
    for (const [index, archive] of archives.entries()) {
      context.signal.throwIfAborted();
      const inside = new PackedCharts(archive.place, path.join(scratch, String(index)), visit);
      const limits = { maxUnpackedBytes: Math.min(left, 100 * 1024 * 1024), onWindowsName: () => {} };
      left -= (await walkArchive(archive.file, limits, (file) => inside.take(file))).unpackedBytes;
      archives.push(...inside.archives);
      if (archives.length > mostArchives)
        throw new TaskError(
          `${visible(archive.place, 200)}: the chart carries more than ${mostArchives} packed charts.`,
        );
    }
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Archive {
  readonly file: string;
  /** Its path from the chart. */
  readonly place: string;
}

/** Visits the schemas of charts in folders. Returns the archives beside them. */
async function visitFolders(chart: string, visit: SchemaVisitor): Promise<Archive[]> {
  const archives: Archive[] = [];
  const folders = [chart];
  const seen = new Set<string>();
  for (const folder of folders) {
    const real = await realpath(folder);
    // Links may lead round in a circle.
    if (seen.has(real)) continue;
    seen.add(real);
    const text = await readMetadataFile(folder, schemaFile, { largest: largestSchema });
    if (text !== undefined) visit(path.relative(chart, path.join(folder, schemaFile)), text);
    for (const name of await readdir(path.join(folder, 'charts')).catch(() => [])) {
      if (/^[_.]/.test(name)) continue;
      const file = path.join(folder, 'charts', name);
      if ((await stat(file)).isDirectory()) folders.push(file);
      // Links were looked at before; helm follows those that stay in the repository.
      else if (name.endsWith('.tgz')) archives.push({ file: await realpath(file), place: path.relative(chart, file) });
    }
  }
  return archives;
}

/** The charts in one archive: one at its top, others in folders below and packed. */
class PackedCharts {
  readonly archives: Archive[] = [];
  readonly #place: string;
  readonly #scratch: string;
  readonly #visit: SchemaVisitor;

  constructor(place: string, scratch: string, visit: SchemaVisitor) {
    this.#place = place;
    this.#scratch = scratch;
    this.#visit = visit;
  }

  async take(file: ChartFile): Promise<void> {
    const place = `${this.#place}: ${file.parts.join('/')}`;
    const [, ...inChart] = file.parts;
    const name = inChart.join('/');
    if (schemaInside.test(name)) {
      this.#visit(place, metadataText(await contentOf(file, place), place));
    } else if (archiveInside.test(name)) {
      const copy = `${this.#scratch}-${this.archives.length}`;
      await pipeline(file.body, createWriteStream(copy, { flags: 'wx', mode: 0o600 }));
      this.archives.push({ file: copy, place });
    }
  }
}

async function contentOf(file: ChartFile, place: string): Promise<Buffer> {
  if (file.size > largestSchema) throw new TaskError(`${place} is larger than 5 MiB; helm would not load it.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
