import { ArchiveFault, damaged, decodeTarText } from './tar-format.ts';

/** What a pax header says of the file that follows it. */
export interface PaxFacts {
  name?: string;
  /** Bytes. */
  size?: number;
  /** Seconds since 1970. */
  mtime?: number;
}

const id = /^-?\d{1,18}$/;
const time = /^-?\d{1,15}(\.\d*)?$/;

/** The records that Go's archive/tar reads as numbers: one that it cannot read makes it refuse the archive. */
const numbers = new Map<string, { form: RegExp; what: string }>([
  ['size', { form: /^\d{1,15}$/, what: 'size' }],
  ['uid', { form: id, what: 'user' }],
  ['gid', { form: id, what: 'group' }],
  ['mtime', { form: time, what: 'time' }],
  ['atime', { form: time, what: 'time' }],
  ['ctime', { form: time, what: 'time' }],
]);

/**
 * The content of a pax header that stands before a file. Records that no reader heeds (`SCHILY.xattr.…`,
 * `LIBARCHIVE.…`) are let through.
 * @throws ArchiveFault when it is malformed, or says something that readers understand differently
 */
export function paxFacts(body: Buffer): PaxFacts {
  const records = parsePax(body);
  for (const [key, value] of records) {
    if (key.startsWith('GNU.sparse.')) throw new ArchiveFault('holds a sparse file');
    // Other readers than Go's would decode the names by it.
    if (key === 'hdrcharset') throw new ArchiveFault('holds a pax header with names in a character set of its own');
    const number = numbers.get(key);
    if (number?.form.test(value) === false) throw damaged(`a pax header holds an impossible ${number.what}`);
  }
  const [name, size, mtime] = [records.get('path'), records.get('size'), records.get('mtime')];
  return {
    ...(name === undefined ? {} : { name }),
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(mtime === undefined ? {} : { mtime: wholeSeconds(mtime) }),
  };
}

/** Rounded down, as Go does: by the digits, since a number of JavaScript would round `0.9999999999999999999` up. */
function wholeSeconds(text: string): number {
  const [seconds = '', fraction = ''] = text.split('.');
  // Go counts nanoseconds.
  const isLess = text.startsWith('-') && /[1-9]/.test(fraction.slice(0, 9));
  return Number(seconds) - (isLess ? 1 : 0);
}

/**
 * The records of a pax header: `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record in bytes.
 * @throws ArchiveFault when a record is malformed, or a key stands there twice
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
    const key = body.toString('latin1', space + 1, equals);
    if (key === '' || key.includes('\0')) throw damaged('a pax header is malformed');
    if (records.has(key)) throw damaged('a pax header says the same twice');
    records.set(key, paxValue(key, body.subarray(equals + 1, end - 1)));
    start = end;
  }
  return records;
}

/** Only the texts that somebody reads must be text. */
function paxValue(key: string, bytes: Buffer): string {
  if (key === 'path') return decodeTarText(bytes);
  const value = bytes.toString('latin1');
  if (['linkpath', 'uname', 'gname'].includes(key) && value.includes('\0')) throw damaged('a pax header is malformed');
  return value;
}

/** The body of a pax header with one record. */
export function formatPax(key: string, value: string): Buffer {
  const content = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(content);
  // The length counts its own digits.
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return Buffer.from(`${length}${content}`);
}
