/**
 * The one text that stands for a JSON value, whatever the order of its keys and its white space (RFC 8785): keys sorted
 * by UTF-16 code units, no white space, numbers and texts as JavaScript writes them. Members that are undefined are
 * left out. The value must be JSON without lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
