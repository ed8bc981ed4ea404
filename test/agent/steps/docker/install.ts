import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

/**
 * Puts a program `docker` into a folder, which stands in for the real one and keeps its images beside itself. One file without
 * dependencies, so that it starts at once.
 */
export async function installDocker(folder: string): Promise<void> {
  bundled ??= bundle();
  const program = `#!${process.execPath}\n${await bundled}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'docker'), program, { mode: 0o755 });
}

async function bundle(): Promise<string> {
  const entry = path.join(import.meta.dirname, 'program.ts');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
