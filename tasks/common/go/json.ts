/** A struct in Go's sense: its members keep their order. */
export type GoStruct = ReadonlyMap<string, unknown>;

/**
 * The text that Go's json.Marshal writes: no white space, a GoStruct in its order, objects sorted by the bytes of
 * their keys, and `<`, `>`, `&`, U+2028 and U+2029 escaped so that the text may stand in HTML.
 */
export function goJson(value: unknown): string {
  if (typeof value === 'string') return goString(value);
  // Go decodes every number of an untyped field to a float64, so large integers lose digits there as here.
  if (typeof value === 'bigint') return String(Number(value));
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  const members: [unknown, unknown][] =
    value instanceof Map ? [...value] : Object.entries(value).sort(([a], [b]) => compareBytes(a, b));
  return `{${members.map(([name, member]) => `${goString(String(name))}:${goJson(member)}`).join(',')}}`;
}

/** A struct of which every member has `omitempty`, but for those named in `kept`. */
export function goStruct(members: Record<string, unknown>, kept: readonly string[] = []): GoStruct {
  return new Map(Object.entries(members).filter(([name, value]) => kept.includes(name) || !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return !(value instanceof Map) && Object.keys(value).length === 0;
}

function goString(text: string): string {
  return JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
