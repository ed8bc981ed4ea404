import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A file's content, or a link's target. */
export type FileContent = string | Uint8Array | { readonly link: string } | { readonly program: string };

/** Writes files below a folder, by their paths from there. Gives the folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, FileContent>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(file, content);
    else if ('link' in content) symlinkSync(content.link, file);
    else {
      writeFileSync(file, content.program);
      chmodSync(file, 0o755);
    }
  }
  return folder;
}

/** The least that a Chart.yaml holds. */
export function chartYaml(name: string, version = '1.0.0', more = ''): string {
  return `apiVersion: v2\nname: ${name}\nversion: ${version}\n${more}`;
}
