import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { isInside, checkJobFile, checkJobPlace, nameText, readRegularFile } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import { filledLines } from '../text/lines.ts';
import { shown } from '../text/shown.ts';
import { documentsIn, type ManifestDocument } from './manifest.ts';

type Context = Pick<TaskContext, 'findFiles' | 'signal' | 'variable'>;

const mostFiles = 2000;
/** In bytes. */
const [largestFile, largestTotal] = [4 * 1024 * 1024, 64 * 1024 * 1024];

/** A document of a file. */
export interface FileDocument extends ManifestDocument {
  /** Whether the input gives the file by its own path; a folder or a pattern may find more than was meant. */
  readonly isNamed: boolean;
}

/** Which files are read otherwise than all others. */
export interface FileRules {
  /** Names of files that are no manifests though they look like some, in lower case. */
  readonly passedOver: readonly string[];
  /** What a file without any document lacks, where it must have one: `policy`. */
  readonly needed?: string;
}

/**
 * The YAML and JSON documents of files that an input names: a file, a folder with all below it, or a pattern a line. A path
 * may lie outside of the job if it says so itself; what a folder or a pattern finds must be the job's own. What lies in a folder
 * whose name begins with a dot, as tests of policies do, is found by a path or pattern alone that names such a folder.
 * @throws TaskError when a line finds nothing, or what may not be read
 */
export async function documentsOf(
  { input, value }: Given<string>,
  { passedOver, needed }: FileRules,
  context: Context,
): Promise<FileDocument[]> {
  const folder = context.variable('System.DefaultWorkingDirectory') ?? process.cwd();
  const files = new Map<string, boolean>();
  for (const line of filledLines(value)) {
    const { isNamed, paths } = await filesOf(line, folder, context);
    const found = paths.filter(
      (file) => /\.(ya?ml|json)$/i.test(file) && !passedOver.includes(path.basename(file).toLowerCase()),
    );
    if (found.length === 0) {
      throw new TaskError(
        `Input ${input}: ${shown(line)} names no .yaml, .yml or .json file (seen from ${folder}). Was the repository checked ` +
          'out (checkout: self)? A deployment job checks nothing out by itself.',
      );
    }
    for (const file of found) files.set(file, isNamed || files.get(file) === true);
  }
  if (files.size > mostFiles) {
    throw new TaskError(`Input ${input} finds ${files.size} files; at most ${mostFiles} are read.`);
  }
  return readAll(files, { input, folder, needed }, context);
}

/** The files that a line names. */
interface Found {
  readonly isNamed: boolean;
  readonly paths: readonly string[];
}

async function filesOf(line: string, folder: string, context: Context): Promise<Found> {
  const place = path.resolve(folder, line);
  const found = await lstat(place).catch(() => undefined);
  if (found?.isFile() === true) {
    await checkJobPlace(place, context);
    return { isNamed: true, paths: [place] };
  }
  if (found?.isDirectory() === true) await checkJobPlace(place, context);
  const files =
    found?.isDirectory() === true ? await filesBelow(place, context) : await filesByPattern(line, folder, context);
  for (const file of files) await checkJobFile(file, context);
  return { isNamed: false, paths: files };
}

async function filesByPattern(line: string, folder: string, context: Context): Promise<string[]> {
  const files = await context.findFiles([line]);
  return hasHidden(line) ? files : files.filter((file) => !hasHidden(path.relative(folder, file)));
}

/** Whether a part of a path begins with a dot. */
const hasHidden = (place: string): boolean => place.split(/[\\/]/).some((part) => /^\.(?!\.?$)/.test(part));

/** The files in a folder and those below, without those whose name begins with a dot; links are given, and refused later. */
async function filesBelow(folder: string, context: Context): Promise<string[]> {
  context.signal.throwIfAborted();
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const name = nameText(entry.name);
    if (name.startsWith('.')) continue;
    const place = path.join(folder, name);
    if (entry.isDirectory()) files.push(...(await filesBelow(place, context)));
    else if (/\.(ya?ml|json)$/i.test(name)) files.push(place);
    if (files.length > mostFiles)
      throw new TaskError(`${folder} holds more than the ${mostFiles} files that are read.`);
  }
  return files.sort();
}

/** @param place.folder from which files within it are named */
async function readAll(
  files: ReadonlyMap<string, boolean>,
  { input, folder, needed }: { readonly input: string; readonly folder: string; readonly needed: string | undefined },
  { signal }: Context,
): Promise<FileDocument[]> {
  const documents: FileDocument[] = [];
  let total = 0;
  for (const [file, isNamed] of files) {
    signal.throwIfAborted();
    const bytes = (await readRegularFile(file, largestFile)) ?? Buffer.alloc(0);
    total += bytes.length;
    if (total > largestTotal) {
      throw new TaskError(`Input ${input} finds more than the ${largestTotal} bytes that are read.`);
    }
    const text = bytes.toString();
    if (!Buffer.from(text).equals(bytes)) throw new TaskError(`${file} is no UTF-8 text; write it as UTF-8.`);
    const name = isInside(file, folder) ? path.relative(folder, file) : file;
    const found = readDocuments(text, name);
    if (found.length === 0 && needed !== undefined) {
      throw new TaskError(
        `${name} holds no ${needed}, but nothing or comments alone: write one, or take the file away.`,
      );
    }
    documents.push(...found.map((document) => ({ ...document, isNamed })));
  }
  return documents;
}

function readDocuments(text: string, name: string): ManifestDocument[] {
  try {
    return documentsIn(text, name);
  } catch (error) {
    if (!(error instanceof TaskError) || !/\{\{[\s\S]*\}\}/.test(text)) throw error;
    throw new TaskError(
      `${error.message} It looks like a template that is yet to be rendered ({{ }}): give what it renders to. A chart goes into ` +
        'input chart; the constraints of Azure Policy are in the cluster with their values (policies: cluster).',
    );
  }
}
