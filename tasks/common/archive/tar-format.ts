/**
 * Why an archive cannot be used, as a clause that follows its name: `holds a link`. Whoever knows the archive's name
 * makes a TaskError of it.
 */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
}

/** The fault of an archive that is not as its writer left it. */
export function damaged(detail: string): ArchiveFault {
  return new ArchiveFault(`is cut short or damaged (${detail}). Package it or download it again`);
}

export const tarBlock = 512;

/** One header block of a tar archive, as POSIX (ustar) and GNU tar write it. */
export interface TarHeader {
  name: string;
  /** The type flag: `0` file, `5` folder, `x` and `L` extensions of the next header, and so on. */
  type: string;
  /** Bytes of the body. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
}

/** @throws ArchiveFault when the block is no tar header */
export function parseTarHeader(block: Buffer): TarHeader {
  if (numberIn(block, 148, 8) !== checksumOf(block)) throw damaged('a tar header has a wrong checksum');
  const flag = block.toString('latin1', 156, 157);
  const name = textIn(block, 0, 100);
  // Only POSIX archives have a prefix: GNU tar keeps other things in its place.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textIn(block, 345, 155) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: flag === '\0' ? '0' : flag,
    size: numberIn(block, 124, 12),
    mtime: numberIn(block, 136, 12),
  };
}

/** The sum of the header's bytes, its checksum field counted as spaces. */
export function checksumOf(block: Uint8Array): number {
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}

/** Text out of an archive. @throws ArchiveFault when it is not UTF-8 */
export function decodeTarText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ArchiveFault('holds a name that is not UTF-8 text');
  }
}

function textIn(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return decodeTarText(end === -1 ? field : field.subarray(0, end));
}

/** Octal digits, or (GNU tar, for large numbers) a set first bit and a big-endian number. */
function numberIn(block: Buffer, start: number, length: number): number {
  const field = block.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = Number(BigInt.asIntN(length * 8 - 1, BigInt(`0x${field.toString('hex')}`)));
    if (!Number.isSafeInteger(value)) throw damaged('a tar header holds an impossible number');
    return value;
  }
  const digits = field.toString('latin1').replace(/^[ \0]+|[ \0]+$/g, '');
  if (!/^[0-7]*$/.test(digits)) throw damaged('a tar header holds an impossible number');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

/**
 * The records of a pax extended header: `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record in bytes.
 * @throws ArchiveFault when a record is malformed
 */
export function parsePax(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let start = 0; start < body.length;) {
    const space = body.indexOf(' ', start);
    const digits = space === -1 ? '' : body.toString('latin1', start, space);
    const end = start + Number(digits);
    const equals = body.indexOf('=', space);
    if (
      !/^[1-9]\d{0,5}$/.test(digits) ||
      end > body.length ||
      equals === -1 ||
      equals >= end ||
      body[end - 1] !== 0x0a
    ) {
      throw damaged('a pax header is malformed');
    }
    records.set(body.toString('latin1', space + 1, equals), decodeTarText(body.subarray(equals + 1, end - 1)));
    start = end;
  }
  return records;
}

/** The body of a pax extended header with one record. */
export function formatPax(key: string, value: string): Buffer {
  const content = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(content);
  // The length counts its own digits.
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return Buffer.from(`${length}${content}`);
}
