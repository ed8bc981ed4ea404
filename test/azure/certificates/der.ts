/** The few ASN.1 values (ITU-T X.690, distinguished encoding) of which a certificate is made. */

export function sequence(...parts: Buffer[]): Buffer {
  return value(0x30, ...parts);
}

export function set(...parts: Buffer[]): Buffer {
  return value(0x31, ...parts);
}

export function boolean(is: boolean): Buffer {
  return value(0x01, Buffer.from([is ? 0xff : 0]));
}

/** A number that is not negative, as big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return value(0x02, Buffer.from(isNegative ? [0] : []), bytes);
}

/** `unused` is the number of bits at the end of the last byte that do not count. */
export function bitString(bytes: Buffer, unused = 0): Buffer {
  return value(0x03, Buffer.from([unused]), bytes);
}

export function octetString(bytes: Buffer): Buffer {
  return value(0x04, bytes);
}

export function nothing(): Buffer {
  return value(0x05);
}

/** An object identifier in its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

export function utf8(text: string): Buffer {
  return value(0x0c, Buffer.from(text));
}

export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\.\d+|[-:T]/g, '');
  return value(0x18, Buffer.from(digits));
}

/** A value in a field of its own, `[number]`; a `primitive` one holds bytes instead of other values. */
export function tagged(number: number, content: Buffer, kind: 'constructed' | 'primitive' = 'constructed'): Buffer {
  return value((kind === 'primitive' ? 0x80 : 0xa0) + number, content);
}

function value(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
}

/** The number in groups of seven bits, all but the last one marked. */
function base128(number: number): number[] {
  const groups = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) groups.unshift((rest & 0x7f) | 0x80);
  return groups;
}
