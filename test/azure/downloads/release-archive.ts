import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';

/** How a vendor packs one executable. */
export type Packing = 'none' | 'tar.gz' | 'zip';

/** Packs an executable as a vendor does: under its own name in the archive, with a licence and a readme beside it. */
export async function packRelease(packing: Packing, executable: string, entry: string, target: string): Promise<void> {
  if (packing === 'tar.gz') return packTar(executable, entry, target);
  if (packing === 'zip') return packZip(executable, entry, target);
  return copyFile(executable, target);
}

const papers = { LICENSE: 'Apache License 2.0\n', 'README.md': '# A tool\n' };

async function packTar(executable: string, entry: string, target: string): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createGzip({ level: 1 }), createWriteStream(target));
  const folder = entry.slice(0, entry.lastIndexOf('/') + 1);
  if (folder !== '') archive.entry({ name: folder, type: 'directory', mode: 0o755 });
  for (const [name, text] of Object.entries(papers)) archive.entry({ name: folder + name }, text);
  const { size } = await stat(executable);
  await pipeline(createReadStream(executable), archive.entry({ name: entry, size, mode: 0o755 }));
  archive.finalize();
  await written;
}

async function packZip(executable: string, entry: string, target: string): Promise<void> {
  const texts = Object.entries(papers).map(([name, text]) => [name, Buffer.from(text)] as const);
  const files = { ...Object.fromEntries(texts), [entry]: await readFile(executable) };
  await writeFile(target, zipSync(files, { level: 1 }));
}
