import { parsePax, paxFacts, type PaxFacts } from './pax.ts';
import { ArchiveFault, damaged, decodeTarText, parseTarHeader, tarBlock, type TarHeader } from './tar-format.ts';

export interface TarEntry extends TarHeader {
  /** The content; to be read before the next entry is asked for, or not at all. */
  body: AsyncIterable<Uint8Array>;
}

/** The largest pax header or GNU long name that is read: here they carry one name and some times. */
const largestExtension = 64 * 1024;

/**
 * Reads a tar stream entry by entry (ustar, pax, GNU long names), holding no more than one chunk of it.
 * @throws ArchiveFault when the stream is damaged, ends before the archive does, or holds what programs read differently
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const source = new ByteSource(chunks);
  try {
    let extension: PaxFacts | undefined;
    for (let header = await nextHeader(source); header !== undefined; header = await nextHeader(source)) {
      if (header.type === 'g') {
        // Go would forget the extension that stands before it.
        if (extension !== undefined) throw damaged('a global pax header stands between a file and its extended header');
        refuseGlobals(await extensionBody(header, source));
      } else if (header.type === 'x' || header.type === 'L') {
        // Programs disagree about which of two would count.
        if (extension !== undefined) throw damaged('two extended headers for one file');
        const body = await extensionBody(header, source);
        extension = header.type === 'x' ? paxFacts(body) : { name: decodeTarText(body).replace(/\0$/, '') };
      } else {
        const entry = { ...header, ...extension };
        extension = undefined;
        const body = new TarBody(source, entry.size);
        yield { ...entry, body };
        await body.skip();
      }
    }
    if (extension !== undefined) throw damaged('nothing follows an extended header');
  } finally {
    await source.close();
  }
}

async function nextHeader(source: ByteSource): Promise<TarHeader | undefined> {
  const block = await source.take(tarBlock);
  if (block.length < tarBlock) throw damaged('the tar stream ends early');
  if (block.some((byte) => byte !== 0)) return parseTarHeader(block);
  await expectZeros(source);
  return undefined;
}

/**
 * What follows the end of a tar archive is read by nobody: only padding may stand there. One block of zeros is an end as
 * two are, but not one and a half.
 */
async function expectZeros(source: ByteSource): Promise<void> {
  let count = 0;
  for (let piece = await source.some(tarBlock); piece !== undefined; piece = await source.some(tarBlock)) {
    if (piece.some((byte) => byte !== 0)) throw damaged('data follows the end of the tar stream');
    count += piece.length;
  }
  if (count > 0 && count < tarBlock) throw damaged('the tar stream ends early');
}

async function extensionBody(header: TarHeader, source: ByteSource): Promise<Buffer> {
  if (header.size > largestExtension) throw new ArchiveFault('holds an extended header or a name of more than 64 kB');
  const body = await source.take(header.size + paddingOf(header.size));
  if (body.length < header.size) throw damaged('the tar stream ends early');
  return body.subarray(0, header.size);
}

/** A comment is what `git archive` writes. Other defaults for all files are obeyed by some programs and not by others. */
function refuseGlobals(body: Buffer): void {
  for (const key of parsePax(body).keys()) {
    if (key !== 'comment') throw new ArchiveFault('holds a global pax header');
  }
}

function paddingOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

class TarBody implements AsyncIterable<Uint8Array> {
  readonly #source: ByteSource;
  readonly #padding: number;
  #missing: number;

  constructor(source: ByteSource, size: number) {
    this.#source = source;
    this.#missing = size;
    this.#padding = paddingOf(size);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.#missing > 0) {
      const piece = await this.#source.some(this.#missing);
      if (piece === undefined) throw damaged('the tar stream ends early');
      this.#missing -= piece.length;
      yield piece;
    }
  }

  /** Reads past what is left of the body. */
  async skip(): Promise<void> {
    for await (const piece of this) void piece;
    const padding = await this.#source.take(this.#padding);
    if (padding.length < this.#padding) throw damaged('the tar stream ends early');
  }
}

/** Reads a stream of chunks in pieces of chosen size, holding one chunk at a time. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, at least one and at most `most`; undefined at the end of the stream. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  /** Exactly `count` bytes, or fewer where the stream ends. For small counts: it holds them all. */
  async take(count: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for (let missing = count; missing > 0;) {
      const piece = await this.some(missing);
      if (piece === undefined) break;
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** Ends the stream where it stands. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
