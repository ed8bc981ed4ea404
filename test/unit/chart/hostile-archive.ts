import { gzipSync } from 'node:zlib';

/** One entry of a tar archive, with every field free to lie. */
export interface RawEntry {
  name: string | Buffer;
  /** The type flag; a regular file by default. */
  type?: string;
  body?: string | Buffer;
  /** What the header claims, by default the size of the body. */
  size?: number;
  mtime?: number;
  mode?: number;
  uid?: number;
  linkname?: string;
}

export const chartYaml = 'apiVersion: v2\nname: app\nversion: 1.2.3\n';

/** The Chart.yaml that makes an archive a chart. */
export const chartYamlEntry: RawEntry = { name: 'app/Chart.yaml', body: chartYaml, mtime: 1_700_000_000 };

/** A gzipped tar archive of a good chart and the given entries. */
export function chartWith(...entries: RawEntry[]): Buffer {
  return gzipSync(tarOf([chartYamlEntry, ...entries]));
}

/** A tar archive, ended as it should be. */
export function tarOf(entries: RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)]);
}

/** The blocks of one entry: header, body, padding. */
export function tarEntry(entry: RawEntry): Buffer {
  const body = Buffer.from(entry.body ?? '');
  return Buffer.concat([tarHeader(entry, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** A pax extended header, for the next entry (or, of type `g`, for all that follow). */
export function paxEntry(records: Record<string, string>, type = 'x'): RawEntry {
  const body = Object.entries(records).map(([key, value]) => {
    const content = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(content) + 1;
    while (String(length).length + Buffer.byteLength(content) !== length) length += 1;
    return `${length}${content}`;
  });
  return { name: 'pax', type, body: body.join('') };
}

function tarHeader(entry: RawEntry, bodySize: number): Buffer {
  const { name, type = '0', size = bodySize, mtime = 0, mode = 0o644, uid = 0, linkname = '' } = entry;
  const header = Buffer.alloc(512);
  header.set(Buffer.from(name).subarray(0, 100), 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(uid, 8), 108);
  header.write(octal(uid, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(mtime, 12), 136);
  header.write('        ', 148);
  header.write(type, 156, 'latin1');
  header.write(linkname, 157);
  header.write('ustar\x0000', 257, 'latin1');
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
