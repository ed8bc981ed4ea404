import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The files of a folder and of those in it, or the one file, by their path from there, with `/`. */
export function filesUnder(place: string): Map<string, Buffer> {
  if (statSync(place).isFile()) return new Map([[path.basename(place), readFileSync(place)]]);
  const paths = readdirSync(place, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((file) => statSync(path.join(place, file)).isFile());
  return new Map(files.map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(place, file))]));
}

/** Writes files into a folder, which is made with all folders that they need. */
export function writeUnder(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [file, content] of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
