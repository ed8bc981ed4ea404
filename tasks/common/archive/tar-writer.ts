import { formatPax } from './pax.ts';
import { checksumOf, tarBlock } from './tar-format.ts';

/** The last second that eleven octal digits can name: in the year 2242. */
export const latestTarTime = 8 ** 11 - 1;

/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * tarBlock);

/**
 * The header blocks of a file that belongs to nobody in particular (mode 0644, user and group 0 without names), in
 * ustar format, preceded by a pax header only where the name needs one.
 * @param size bytes of the file
 * @param mtime seconds since 1970
 */
export function formatTarHeader(name: string, size: number, mtime: number): Buffer {
  const short = splitName(name);
  if (short !== undefined) return headerBlock(short, '0', size, mtime);
  const record = formatPax('path', name);
  return Buffer.concat([
    headerBlock({ name: 'PaxHeaders.0/path', prefix: '' }, 'x', record.length, mtime),
    record,
    paddingAfter(record.length),
    // Programs that know no pax see this name.
    headerBlock({ name: name.replace(/[^\x21-\x7e]/g, '_').slice(0, 100), prefix: '' }, '0', size, mtime),
  ]);
}

/** What fills the last block of a body. */
export function paddingAfter(size: number): Buffer {
  return Buffer.alloc((tarBlock - (size % tarBlock)) % tarBlock);
}

interface ShortName {
  name: string;
  prefix: string;
}

/** The name in the two fields of a ustar header: 100 bytes of name, 155 of folders before it, ASCII only. */
function splitName(name: string): ShortName | undefined {
  if (/[^\x20-\x7e]/.test(name)) return undefined;
  if (name.length <= 100) return { name, prefix: '' };
  const slash = name.indexOf('/', name.length - 101);
  return slash < 1 || slash > 155 ? undefined : { name: name.slice(slash + 1), prefix: name.slice(0, slash) };
}

function headerBlock({ name, prefix }: ShortName, type: string, size: number, mtime: number): Buffer {
  const block = Buffer.alloc(tarBlock);
  block.write(name, 0, 'latin1');
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(mtime, 12), 136);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write(octal(0, 8), 329);
  block.write(octal(0, 8), 337);
  block.write(prefix, 345, 'latin1');
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
