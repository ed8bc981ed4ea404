import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** A file in an archive. */
export interface ArchiveEntry {
  readonly header: Header;
  readonly content: Buffer;
}

/** What a chart archive holds, by name, as another reader of tar than ours sees it. */
export async function entriesOf(archive: string): Promise<Map<string, ArchiveEntry>> {
  const entries = new Map<string, ArchiveEntry>();
  const reader = extract();
  reader.end(gunzipSync(await readFile(archive)));
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    entries.set(entry.header.name, { header: entry.header, content: Buffer.concat(chunks) });
  }
  return entries;
}
