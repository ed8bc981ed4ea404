import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { checkJobPlace } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import type { Secret } from '../task/secrets.ts';
import { assignmentsIn, checkSize } from './assignments.ts';
import { valuesText } from './json-text.ts';
import { pathText, type PathValue } from './path.ts';
import { ValueTree } from './tree.ts';
import { typed } from './typed.ts';
import { readValues, textOfFile, workingDirectory } from './value-files.ts';

/** Where values come from, in the order in which each is laid over those before. */
export interface ValueSources {
  /** Files of YAML, absolute, in their order; valueFilesOf finds them. */
  readonly files: readonly string[];
  /** YAML as an input holds it. */
  readonly yaml: Given<string | undefined>;
  readonly images: readonly PathValue[];
  /** Lines `path=value`: typed as helm's --set does, always text, a file's content, and secrets. */
  readonly set: Given<string | undefined>;
  readonly setString: Given<string | undefined>;
  readonly setFile: Given<string | undefined>;
  readonly setSecret: Given<string | undefined>;
  /** The job's secrets: one of several lines is one value. */
  readonly secrets: readonly Secret[];
}

export interface WrittenValues {
  /** For helm's --values; mode 0600. */
  readonly file: string;
  /** What was set path by path, without values and in order, for people to see. */
  readonly paths: readonly string[];
}

type Context = Pick<TaskContext, 'log' | 'maskSecret' | 'signal' | 'variable'>;

/**
 * Writes all values, merged as helm merges them, into one new file from which every helm reads the same.
 * @param folder private
 * @throws TaskError that names source and path, and holds no value
 */
export async function writeValues(sources: ValueSources, folder: string, context: Context): Promise<WrittenValues> {
  const warn = (text: string): void => context.log.warning(text);
  // First of all, so that no message can hold one.
  const secret = secretsIn(sources, context);
  const plain = textsIn(sources.set, sources);
  const texts = textsIn(sources.setString, sources);
  const files = assignmentsIn(sources.setFile, sources.secrets);
  const tree = new ValueTree();
  for (const file of sources.files) {
    context.signal.throwIfAborted();
    tree.merge(readValues(await textOfFile(file, 'Values'), file, warn));
  }
  const { input, value = '' } = sources.yaml;
  tree.merge(readValues(checkSize(value, `Input ${input}`), `Input ${input}`, warn));
  for (const each of sources.images) tree.set(each.path, each.value, each.at);
  for (const each of plain) tree.set(each.path, typed(each, sources.setString, warn), each.at);
  for (const each of texts) tree.set(each.path, each.value, each.at);
  for (const each of files) tree.set(each.path, await contentOf(each, context), each.at);
  for (const each of secret) tree.set(each.path, each.value, each.at);
  const file = path.join(await mkdtemp(path.join(folder, 'values-')), 'values.yaml');
  await writeFile(file, valuesText(tree.root), { mode: 0o600, flag: 'wx' });
  const paths = [...sources.images, ...plain, ...texts, ...files, ...secret].map((each) => pathText(each.path));
  return { file, paths: [...new Set(paths)] };
}

function secretsIn(sources: ValueSources, context: Context): PathValue[] {
  const secrets = textsIn(sources.setSecret, sources);
  for (const { value } of secrets) context.maskSecret(value);
  return secrets;
}

/** @throws TaskError when a value is nothing but a macro: the agent leaves one where it stands that has no variable */
function textsIn(given: Given<string | undefined>, { secrets }: ValueSources): PathValue[] {
  const values = assignmentsIn(given, secrets);
  const macro = values.find(({ value }) => /^\$\([^()\r\n]+\)$/.test(value));
  if (macro === undefined) return values;
  throw new TaskError(
    `${macro.at} sets ${pathText(macro.path)} to the macro ${macro.value} itself, which was not replaced: this job has no variable of that ` +
      'name. Check its spelling and the variable groups; if the chart is to get it as it stands, give it in a file of values.',
  );
}

async function contentOf({ value, at }: PathValue, context: Context): Promise<string> {
  context.signal.throwIfAborted();
  const file = path.resolve(workingDirectory(context), value);
  await checkJobPlace(file, context);
  return textOfFile(file, at);
}
