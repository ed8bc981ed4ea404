/** What a scalar is made of. */
export type Part = { readonly literal: string } | { readonly expression: string };

/** Cuts a scalar at its `${{ }}`; undefined where one is not closed. Quotes may hold `}}`. */
export function partsOf(text: string): Part[] | undefined {
  const parts: Part[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('${{');
    if (start < 0) break;
    const end = endOf(rest, start + 3);
    if (end < 0) return undefined;
    if (start > 0) parts.push({ literal: rest.slice(0, start) });
    parts.push({ expression: rest.slice(start + 3, end).trim() });
    rest = rest.slice(end + 2);
  }
  if (rest !== '' || parts.length === 0) parts.push({ literal: rest });
  return parts;
}

function endOf(text: string, from: number): number {
  let inQuotes = false;
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === "'") inQuotes = !inQuotes;
    else if (!inQuotes && text.startsWith('}}', at)) return at;
  }
  return -1;
}

/** The one expression that a text consists of. */
export function loneExpression(text: string): string | undefined {
  if (!text.startsWith('${{')) return undefined;
  const [part, ...others] = partsOf(text) ?? [];
  return part && 'expression' in part && others.length === 0 ? part.expression : undefined;
}
