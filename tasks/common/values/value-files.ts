import path from 'node:path';
import { parseGoYaml } from '../go/yaml.ts';
import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { checkJobFile, checkJobPlace, readRegularFile } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import { filledLines } from '../text/lines.ts';
import { shown } from '../text/shown.ts';
import { largestSource } from './assignments.ts';
import { pathText, type ValuePath } from './path.ts';
import { kindOf, type Value, type ValueMap, valueOf } from './tree.ts';

const mostFiles = 100;

/** Enough for 1 MiB of usual YAML; 2 to 3 seconds of work and 300 MB of memory for the worst. */
const mostTokens = 600_000;

/** As GoYamlOptions has it: half a million values, more than those tokens can hold without aliases. */
const mostUnfolded = 64 * 1024 * 1024;

/**
 * The files of values that an input names, one path or pattern a line: the lines in their order, what one pattern finds
 * sorted. A path may lie outside of the job if it says so itself; what a pattern finds must be the job's own.
 * @throws TaskError when a line finds nothing, or what may not be read
 */
export async function valueFilesOf(
  { input, value }: Given<string | undefined>,
  context: Pick<TaskContext, 'findFiles' | 'variable'>,
): Promise<string[]> {
  const folder = workingDirectory(context);
  const files: string[] = [];
  for (const pattern of filledLines(value ?? '')) {
    const found = await context.findFiles([pattern]);
    if (found.length === 0)
      throw new TaskError(`Input ${input}: no file matches ${shown(pattern)} (seen from ${folder}). ${whereFilesAre}`);
    for (const file of found) {
      const isNamed = file === path.resolve(folder, pattern);
      await (isNamed ? checkJobPlace : checkJobFile)(file, context);
    }
    files.push(...found);
  }
  if (files.length <= mostFiles) return files;
  throw new TaskError(`Input ${input} finds ${files.length} files of values; at most ${mostFiles} are read.`);
}

const whereFilesAre =
  'Was the repository checked out (checkout: self), or the artifact downloaded? A deployment job checks nothing out by itself.';

/** Where paths in inputs start from. */
export function workingDirectory(context: Pick<TaskContext, 'variable'>): string {
  return context.variable('System.DefaultWorkingDirectory') ?? process.cwd();
}

/**
 * The text of a file of the job.
 * @throws TaskError when there is none, it is too large, or no UTF-8
 */
export async function textOfFile(file: string, what: string): Promise<string> {
  const bytes = await readRegularFile(file, largestSource);
  if (bytes === undefined) throw new TaskError(`${what}: there is no file ${file}. ${whereFilesAre}`);
  const text = bytes.toString();
  if (Buffer.from(text).equals(bytes)) return text;
  if (isUtf16(bytes)) {
    throw new TaskError(
      `${what}: ${file} is UTF-16, as Windows PowerShell writes files unless told otherwise: write it as UTF-8 (-Encoding utf8).`,
    );
  }
  throw new TaskError(
    `${what}: ${file} is no UTF-8 text; helm keeps values as text only, so give other data in base64.`,
  );
}

/** By its byte order mark, which is no UTF-8. */
function isUtf16(bytes: Buffer): boolean {
  return ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'));
}

/**
 * The values in a YAML text, as helm reads a file of values.
 * @param source what the text is, for messages, which hold nothing of it but places and keys
 * @param warn is told of numbers that helm does not keep
 * @throws TaskError when helm would not read it, or not every helm in the same way
 */
export function readValues(text: string, source: string, warn: (text: string) => void): ValueMap {
  const read = valueOf(
    parseGoYaml(text, source, {
      tokens: mostTokens,
      largest: mostUnfolded,
      others:
        'it holds several documents, of which Helm 3 reads the first and Helm 4 all; give them as files of their own',
      strict: true,
      quiet: true,
    }),
  );
  if (read === null) return new Map();
  if (!(read instanceof Map))
    throw new TaskError(`${source} is ${kindOf(read)} at line 1; values are a mapping, such as: replicas: 2`);
  checkNumbers(read, [], source, warn);
  return read;
}

function checkNumbers(value: Value, at: ValuePath, source: string, warn: (text: string) => void): void {
  if (value instanceof Map) for (const [key, member] of value) checkNumbers(member, [...at, key], source, warn);
  else if (Array.isArray(value)) value.forEach((item, index) => checkNumbers(item, [...at, index], source, warn));
  else if (typeof value === 'number' && !Number.isFinite(value))
    throw new TaskError(
      `${source}: ${pathText(at)} is ${value}, which helm does not take; put it in quotes if it is a text.`,
    );
  else if (typeof value === 'bigint' && BigInt(Number(value)) !== value)
    warn(
      `${source}: helm does not keep all digits of the number at ${pathText(at)}; put it in quotes if it is a text.`,
    );
}
