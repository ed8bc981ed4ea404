import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { readFully } from '../task/job-files.ts';
import { ArchiveFault, damaged } from './tar-format.ts';

// PKWARE's .ZIP File Format Specification (APPNOTE.TXT), sections 4.3.7, 4.3.12 and 4.3.16.
const [localHeader, centralHeader, endRecord] = [0x04034b50, 0x02014b50, 0x06054b50];
const [localLength, centralLength, endLength] = [30, 46, 22];
const longestComment = 0xffff;
/** A tool's archive lists a handful of files. */
const largestDirectory = 1024 * 1024;
/** With zlib's own pieces of 16 KiB a large file would take twice the time. */
const piece = 256 * 1024;

interface ZipEntry {
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/**
 * The content of one file in a zip archive, unpacked as it is read.
 * @throws ArchiveFault when the archive does not hold it or is damaged
 */
export async function* readZipEntry(file: string, name: string): AsyncGenerator<Uint8Array> {
  const { entry, start } = await findEntry(file, name);
  const end = start + entry.packedSize - 1;
  const packed = createReadStream(file, { start, end, highWaterMark: piece });
  let size = 0;
  for await (const chunk of unpacked(packed, entry)) {
    size += chunk.length;
    yield chunk;
  }
  if (size !== entry.size) throw damaged(`${name} has ${size} bytes instead of ${entry.size}`);
}

async function findEntry(file: string, name: string): Promise<{ entry: ZipEntry; start: number }> {
  const handle = await open(file);
  try {
    const found = [...entriesOf(await directoryOf(handle))].filter((entry) => entry.name === name);
    const [first, second] = found;
    if (first === undefined || second !== undefined) throw new ArchiveFault(`holds ${found.length} files ${name}`);
    const header = await bytesAt(handle, first.entry.offset, localLength);
    if (header.readUInt32LE(0) !== localHeader) throw damaged('a zip header is not where it should be');
    const names = header.readUInt16LE(26) + header.readUInt16LE(28);
    return { entry: first.entry, start: first.entry.offset + localLength + names };
  } finally {
    await handle.close();
  }
}

async function directoryOf(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat();
  const tailLength = Math.min(size, endLength + longestComment);
  const tail = await bytesAt(handle, size - tailLength, tailLength);
  for (let at = tail.length - endLength; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endRecord || tail.readUInt16LE(at + 20) !== tail.length - at - endLength) continue;
    const length = tail.readUInt32LE(at + 12);
    if (length > largestDirectory) throw damaged('its list of files is larger than 1 MiB');
    return bytesAt(handle, tail.readUInt32LE(at + 16), length);
  }
  throw damaged('it does not end as a zip file does');
}

function* entriesOf(directory: Buffer): Generator<{ name: string; entry: ZipEntry }> {
  for (let at = 0; at + centralLength <= directory.length;) {
    if (directory.readUInt32LE(at) !== centralHeader) throw damaged('its list of files is damaged');
    const field = (offset: number): number => directory.readUInt16LE(at + offset);
    const nameEnd = at + centralLength + field(28);
    yield {
      name: directory.toString('utf8', at + centralLength, nameEnd),
      entry: {
        method: field(10),
        packedSize: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      },
    };
    at = nameEnd + field(30) + field(32);
  }
}

function unpacked(packed: Readable, { method }: ZipEntry): AsyncIterable<Uint8Array> {
  if (method === 0) return packed;
  if (method !== 8) throw new ArchiveFault(`is packed by method ${method}; only deflated and stored files are known`);
  const inflate = createInflateRaw({ chunkSize: piece });
  // Whoever reads inflate gets the same error.
  pipeline(packed, inflate, () => {});
  return inflate;
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = await readFully(handle, position, Buffer.alloc(length));
  if (bytes.length < length) throw damaged('the zip file ends early');
  return bytes;
}
