import type { Fields } from '../objects.ts';

/** How a field of a message is read: plainly, as another message, or as a map of names to texts or bytes. */
type FieldType = 'text' | 'bytes' | 'integer' | 'boolean' | 'raw' | { map: 'text' | 'bytes' } | { message: Message };

interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly repeated: boolean;
}

/** The fields of a message that are understood, by their numbers. */
export type Message = ReadonlyMap<number, Field>;

/** Makes a message. A name that ends in `[]` is a repeated field. */
export function message(fields: Readonly<Record<number, readonly [name: string, type: FieldType]>>): Message {
  return new Map(
    Object.entries(fields).map(([number, [name, type]]) => {
      return [Number(number), { name: name.replace('[]', ''), type, repeated: name.endsWith('[]') }];
    }),
  );
}

/** Reads a message into the form that it has in JSON, where bytes are base64. Fields that are not in it are passed over. */
export function decode(bytes: Buffer, known: Message): Fields {
  const result: Fields = {};
  for (const { number, value } of entriesOf(bytes)) {
    const field = known.get(number);
    if (field === undefined) continue;
    const { name, type, repeated } = field;
    if (typeof type === 'object' && 'map' in type) {
      const entry = decode(asBytes(value), message({ 1: ['key', 'text'], 2: ['value', type.map] }));
      const key = entry['key'] as string | undefined;
      result[name] = { ...(result[name] as Fields | undefined), [key ?? '']: entry['value'] ?? '' };
    } else if (repeated) {
      result[name] = [...((result[name] as unknown[] | undefined) ?? []), valueOf(value, type)];
    } else {
      result[name] = valueOf(value, type);
    }
  }
  return result;
}

function valueOf(value: bigint | Buffer, type: Exclude<FieldType, { map: unknown }>): unknown {
  if (typeof type === 'object') return decode(asBytes(value), type.message);
  if (type === 'boolean') return value !== 0n;
  if (type === 'integer') return Number(BigInt.asIntN(64, value as bigint));
  if (type === 'raw') return asBytes(value);
  return asBytes(value).toString(type === 'text' ? 'utf8' : 'base64');
}

function asBytes(value: bigint | Buffer): Buffer {
  if (typeof value === 'bigint') throw new Error('A field has bytes where the message has a number.');
  return value;
}

interface Entry {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The fields on the wire. Throws for what is cut short, and for fixed-size numbers, which no object of Kubernetes has. */
function* entriesOf(bytes: Buffer): Generator<Entry> {
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if (tag % 8 === 0) {
      yield { number: tag >> 3, value: varint() };
    } else if (tag % 8 === 2) {
      const end = Number(varint()) + at;
      if (end > bytes.length) throw new Error('A field is longer than the message.');
      yield { number: tag >> 3, value: bytes.subarray(at, end) };
      at = end;
    } else {
      throw new Error(`The wire type ${tag % 8} is not known.`);
    }
  }
}
