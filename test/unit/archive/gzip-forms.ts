import { crc32, gzipSync } from 'node:zlib';

export const gzipForms = ['plain', 'two members', 'long name', 'longer name', 'comment', 'extra field', 'header checksum',
  'wrong header checksum', 'reserved flag', 'trailing zeros', 'trailing text', 'empty member'] as const; // prettier-ignore

export type GzipForm = (typeof gzipForms)[number];

/** The same content in different gzip files, of which some are no good. */
export function gzipInForm(content: Buffer, form: GzipForm): Buffer {
  const plain = gzipSync(content, { level: 1 });
  const forms: Record<GzipForm, () => Buffer> = {
    plain: () => plain,
    'two members': () => Buffer.concat([gzipSync(content.subarray(0, 700)), gzipSync(content.subarray(700))]),
    'empty member': () => Buffer.concat([gzipSync(Buffer.alloc(0)), plain]),
    'trailing zeros': () => Buffer.concat([plain, Buffer.alloc(30)]),
    'trailing text': () => Buffer.concat([plain, Buffer.from('\x1f\x8b and more')]),
    'long name': () => withHeader(plain, 0x08, Buffer.from(`${'n'.repeat(511)}\0`)),
    'longer name': () => withHeader(plain, 0x08, Buffer.from(`${'n'.repeat(512)}\0`)),
    comment: () => withHeader(plain, 0x10, Buffer.from(`${'c'.repeat(600)}\0`)),
    'extra field': () => withHeader(plain, 0x04, Buffer.from('\x04\0abcd')),
    'reserved flag': () => withHeader(plain, 0x20, Buffer.alloc(0)),
    'header checksum': () => withHeader(plain, 0x02, headerChecksum(plain, 0)),
    'wrong header checksum': () => withHeader(plain, 0x02, headerChecksum(plain, 1)),
  };
  return forms[form]();
}

/** The optional parts of a gzip header (RFC 1952) stand between its first ten bytes and the content. */
function withHeader(gzip: Buffer, flag: number, part: Buffer): Buffer {
  const copy = Buffer.concat([gzip.subarray(0, 10), part, gzip.subarray(10)]);
  copy[3] = flag;
  return copy;
}

function headerChecksum(gzip: Buffer, wrong: number): Buffer {
  const header = Buffer.from(gzip.subarray(0, 10));
  header[3] = 0x02;
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE((crc32(header) & 0xffff) ^ wrong);
  return bytes;
}
