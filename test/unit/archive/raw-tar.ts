/** A tar header and what follows it, every byte free to lie. */
export interface RawBlock {
  readonly header: Buffer;
  readonly body: Buffer;
}

/** Where each field of a header lies, in any of its formats: offset and length. */
export const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  type: [156, 1],
  linkname: [157, 100],
  magic: [257, 8],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
  atime: [345, 12],
  ctime: [357, 12],
  sparse: [386, 12],
  isExtended: [482, 1],
  realSize: [483, 12],
  starAtime: [476, 12],
  starCtime: [488, 12],
  trailer: [508, 4],
} as const;

export type Field = keyof typeof fields;

export const magics = { posix: 'ustar\x0000', gnu: 'ustar  \0', v7: '\0\0\0\0\0\0\0\0' } as const;

/** A header of a regular file with an empty user, followed by a body. */
export function rawBlock(values: Partial<Record<Field, string>>, body: string | Buffer = ''): RawBlock {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(512);
  const size = bytes.length.toString(8).padStart(11, '0');
  const all = {
    mode: '0000644',
    uid: '0000000',
    gid: '0000000',
    size,
    mtime: '00000000000',
    type: '0',
    magic: magics.posix,
  };
  for (const [field, value] of Object.entries({ ...all, ...values })) setField(header, field as Field, value);
  return { header, body: bytes };
}

/** Writes bytes (one for each character) into a field and leaves the rest of the field as it was. */
export function setField(header: Buffer, field: Field, value: string): void {
  const [start, length] = fields[field];
  header.set(Buffer.from(value, 'latin1').subarray(0, length), start);
}

/** A pax header of records as they are given, for the next file or (type `g`) for all. */
export function rawPax(records: readonly (readonly [string, string])[], type = 'x'): RawBlock {
  const lines = records.map(([key, value]) => {
    const content = ` ${key}=${value}\n`;
    let length = content.length + 1;
    while (String(length).length + content.length !== length) length += 1;
    return `${length}${content}`;
  });
  return rawBlock({ name: 'pax', type }, Buffer.from(lines.join(''), 'latin1'));
}

export type Checksum = 'unsigned' | 'signed' | 'base-256' | 'none';

/** The bytes of an archive, each header with its checksum. */
export function tarOfBlocks(blocks: readonly RawBlock[], checksum: Checksum = 'unsigned', end = 1024): Buffer {
  const parts = blocks.map(({ header, body }) => {
    const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
    return Buffer.concat([summed(header, checksum), body, padding]);
  });
  return Buffer.concat([...parts, Buffer.alloc(end)]);
}

function summed(header: Buffer, checksum: Checksum): Buffer {
  const copy = Buffer.from(header);
  if (checksum === 'none') return copy;
  copy.write('        ', 148);
  const bytes = checksum === 'signed' ? new Int8Array(copy) : copy;
  let sum = 0;
  for (const byte of bytes) sum += byte;
  if (checksum === 'base-256') {
    copy.fill(0, 148, 156).writeUInt32BE(sum, 152);
    copy[148] = 0x80;
  } else {
    copy.write(`${Math.max(sum, 0).toString(8).padStart(6, '0')}\0 `, 148);
  }
  return copy;
}
