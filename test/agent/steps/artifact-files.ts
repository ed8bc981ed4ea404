import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The files of a folder and of those in it, or the one file, by their path from there, with `/`. */
export function filesUnder(place: string): Map<string, Buffer> {
  if (statSync(place).isFile()) return new Map([[path.basename(place), readFileSync(place)]]);
  return new Map(pathsUnder(place).map((file) => [file, readFileSync(path.join(place, file))]));
}

/** The paths of all files of a folder and of those in it, from there, with `/`. */
export function pathsUnder(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((file) => statSync(path.join(folder, file), { throwIfNoEntry: false })?.isFile() === true);
  return files.map((file) => file.replaceAll(path.sep, '/'));
}

/** Writes files into a folder, which is made with all folders that they need. */
export function writeUnder(folder: string, files: ReadonlyMap<string, Buffer | string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
