import path from 'node:path';
import { readPlainYaml } from '../common/go/document.ts';
import { isMapping } from '../common/go/mapping.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobPlace, isInside, readRegularFile } from '../common/task/job-files.ts';
import { TaskError } from '../common/task/outcome.ts';

const mostBytes = 1024 * 1024;

/** What a YAML file holds at its top. */
export interface FileValue {
  /** The file as people know it: from the sources. */
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads the file that input `file` names, seen from the sources. Nothing of a file that is none of environments is shown.
 * @throws TaskError when there is none, or it is no YAML file with a mapping
 */
export async function readFileValue(file: string, context: Pick<TaskContext, 'variable'>): Promise<FileValue> {
  const sources = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.');
  const place = path.resolve(sources, file);
  const name = isInside(place, sources) ? path.relative(sources, place) || '.' : place;
  await checkJobPlace(place, context);
  const bytes = await readRegularFile(place, mostBytes);
  if (bytes === undefined) {
    throw new TaskError(
      `Input file is '${name}', but there is no ${place}: correct it, or check out the sources first.`,
    );
  }
  const value = valueIn(textIn(bytes, name), name);
  if (isMapping(value)) return { name, value };
  throw new TaskError(
    `${name} is ${kindOf(value)}: it must be a mapping of version and environments, as docs/environments.md shows.`,
  );
}

/** A group's brackets and backslash mean something else to YAML, whose complaint does not lead there. */
function valueIn(text: string, file: string): unknown {
  try {
    return readPlainYaml(text, `file ${file}`);
  } catch (error) {
    if (!(error instanceof TaskError) || !/\]\\|\*/.test(text)) throw error;
    throw new TaskError(
      `${error.message} Groups and patterns stand in single quotes ('[contoso]\\Release approvers', '*'), and aliases are not read.`,
    );
  }
}

/** Without a byte order mark. Bytes of another encoding would become another name, and so another environment. */
function textIn(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TaskError(`${file} is no UTF-8 text: save it as UTF-8.`);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  return Array.isArray(value) ? 'a list' : 'a single value';
}
