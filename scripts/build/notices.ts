import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../generate/task-json.ts';

/** Writes the licences of the bundled packages: their terms want the notice to travel with the code. */
export function noticesFor(packages: readonly string[], file: string): void {
  const texts = packages.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const licence = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = licence
      ? readFileSync(path.join(root, folder, licence), 'utf8').trim()
      : `Licence: ${license ?? 'see its page'}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  if (!existsSync(path.dirname(file))) throw new Error(`${path.dirname(file)} does not exist`);
  writeFileSync(file, `This extension contains the following packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`);
}
