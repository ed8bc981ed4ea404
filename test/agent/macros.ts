/**
 * Replaces every `$(name)` for which `lookup` has a value. A replaced value is not searched again, and a name nobody knows
 * stays as text: both as the real agent does.
 */
export function expandMacros(text: string, lookup: (name: string) => string | undefined): string {
  let expanded = text;
  let from = 0;
  for (;;) {
    const start = expanded.indexOf('$(', from);
    const end = start < 0 ? -1 : expanded.indexOf(')', start + 2);
    if (end < 0) return expanded;
    const name = expanded.slice(start + 2, end);
    const value = name === '' ? undefined : lookup(name);
    if (value === undefined) {
      from = start + 1;
    } else {
      expanded = expanded.slice(0, start) + value + expanded.slice(end + 1);
      from = start + value.length;
    }
  }
}
