import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from './image.ts';

interface BuildOptions {
  readonly tags: readonly string[];
  readonly context: string;
  readonly file: string;
  /** Build arguments and labels, which are part of the image. */
  readonly settings: readonly string[];
}

const withValue = new Set(['-t', '--tag', '-f', '--file', '--build-arg', '--label', '--platform', '--target']);
const alone = new Set(['--pull', '--no-cache', '-q', '--quiet', '--rm']);

/** Reads the arguments of `docker build`. Throws for what is not played. */
export function buildOptions(args: readonly string[]): BuildOptions {
  const tags: string[] = [];
  const settings: string[] = [];
  let [context, file]: (string | undefined)[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [option = '', joined] = (args[at] ?? '').split(/=(.*)/s);
    if (!option.startsWith('-')) {
      context = args[at];
    } else if (withValue.has(option)) {
      const value = joined ?? args[(at += 1)] ?? '';
      if (option === '-t' || option === '--tag') tags.push(value);
      else if (option === '-f' || option === '--file') file = value;
      else settings.push(`${option}=${value}`);
    } else if (!alone.has(option)) {
      throw new Error(`'docker build' with ${option} is not supported.`);
    }
  }
  if (context === undefined) throw new Error("'docker build' needs a folder as its context.");
  return { tags, context, file: file ?? path.join(context, 'Dockerfile'), settings };
}

/** The digest of all that goes into the image. Throws when there is no Dockerfile. */
export function inputOf({ context, file, settings }: BuildOptions): string {
  if (!existsSync(file)) throw new Error(`There is no Dockerfile ${file}.`);
  const paths = readdirSync(context, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(context, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(path.sep).some((part) => part === '.git' || part === 'node_modules'))
    .sort();
  const files = paths.map((name) => `${name} ${sha256(readFileSync(path.join(context, name)))}`);
  return sha256([sha256(readFileSync(file)), ...settings, ...files].join('\n'));
}
