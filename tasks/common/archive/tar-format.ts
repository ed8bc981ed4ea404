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

/** One header block of a tar archive: of POSIX (ustar), of GNU tar, or of the programs before both. */
export interface TarHeader {
  name: string;
  /** The type flag: `0` file, `5` folder, `x` and `L` extensions of the next header, and so on. */
  type: string;
  /** Bytes of the body. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
}

type TarFormat = 'POSIX' | 'GNU' | 'V7';

/**
 * Reads a header as Go's archive/tar does, by which every Helm reads a chart, and refuses what Go refuses; and also what
 * Go takes for something that others do not: star's headers, times that make it believe in a name's prefix, and files
 * whose mode says that they are folders.
 * @throws ArchiveFault when the block is no tar header, or programs would read it differently
 */
export function parseTarHeader(block: Buffer): TarHeader {
  if (octalIn(block, 148, 8) !== checksumOf(block)) throw damaged('a tar header has a wrong checksum');
  const format = formatOf(block);
  const flag = block.toString('latin1', 156, 157);
  const type = flag === '\0' ? '0' : flag;
  const name = textIn(block, 0, 100);
  // Only POSIX archives have a prefix: GNU tar keeps other things in its place.
  const prefix = format === 'POSIX' ? textIn(block, 345, 155) : '';
  checkMode(numberIn(block, 100, 8), type);
  checkUnusedNumbers(block, format);
  const [size, mtime] = [numberIn(block, 124, 12), numberIn(block, 136, 12)];
  if (size < 0) throw damaged('a tar header holds an impossible size');
  return { name: prefix === '' ? name : `${prefix}/${name}`, type, size, mtime };
}

function formatOf(block: Buffer): TarFormat {
  const magic = block.toString('latin1', 257, 265);
  if (magic === 'ustar  \0') return 'GNU';
  if (!magic.startsWith('ustar\0')) return 'V7';
  // star ends its prefix earlier, and keeps two times behind it.
  if (block.toString('latin1', 508, 512) === 'tar\0') throw new ArchiveFault('holds a header of the program star');
  return 'POSIX';
}

/** The user, the group, the device and GNU tar's times: nobody here needs them, but Go refuses what it cannot read. */
function checkUnusedNumbers(block: Buffer, format: TarFormat): void {
  numberIn(block, 108, 8);
  numberIn(block, 116, 8);
  if (format === 'V7') return;
  numberIn(block, 329, 8);
  numberIn(block, 337, 8);
  // Where one of these times is no number, Go (since 1.8) takes their place for a prefix of the name.
  const times = format === 'GNU' ? [345, 357] : [];
  for (const start of times) if (block[start] !== 0) numberIn(block, start, 12);
}

const [permissions, folderBits, fileBits] = [0o10000, 0o040000, 0o100000];

/** Go's FileInfo, by which Helm leaves folders out, believes the mode, too; so a file must not have a folder's. */
function checkMode(mode: number, type: string): void {
  if (type !== '0' && type !== '5') return;
  const kind = mode - (((mode % permissions) + permissions) % permissions);
  if (kind === 0 || kind === (type === '0' ? fileBits : folderBits)) return;
  throw new ArchiveFault('holds a file whose mode says that it is something else');
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
  if (((field[0] ?? 0) & 0x80) === 0) return octalIn(block, start, length);
  const value = Number(BigInt.asIntN(length * 8 - 1, BigInt(`0x${field.toString('hex')}`)));
  if (!Number.isSafeInteger(value)) throw damaged('a tar header holds an impossible number');
  return value;
}

function octalIn(block: Buffer, start: number, length: number): number {
  const digits = block.toString('latin1', start, start + length).replace(/^[ \0]+|[ \0]+$/g, '');
  if (!/^[0-7]*$/.test(digits)) throw damaged('a tar header holds an impossible number');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}
