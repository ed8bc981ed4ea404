import { damaged } from './archive-fault.ts';
import { decodeTarText } from './tar-header.ts';

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
