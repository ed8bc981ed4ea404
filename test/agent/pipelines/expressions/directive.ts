import { loneExpression } from './text.ts';

/** A word of the language with what stands behind it. */
export interface Directive {
  readonly word: 'if' | 'elseif' | 'else' | 'each' | 'insert';
  readonly parameters: readonly string[];
  /** All behind the word. */
  readonly rest: string;
}

/** How many parameters each takes. */
const counts = { if: 1, elseif: 1, else: 0, each: 3, insert: 0 } as const;

function isWord(word: string): word is Directive['word'] {
  return Object.hasOwn(counts, word);
}

/** The directive that a text is, if any. Its words are in lower case only. */
export function directiveOf(text: string): Directive | undefined {
  return directiveIn(loneExpression(text));
}

/** The same, without `${{ }}`. */
export function directiveIn(expression: string | undefined): Directive | undefined {
  const match = /^([a-z]+)(?=$|\s)\s*([\s\S]*)$/.exec(expression ?? '');
  const [, word = '', rest = ''] = match ?? [];
  if (!isWord(word)) return undefined;
  return { word, parameters: parametersOf(rest), rest };
}

/** What is wrong with the number of parameters, in the service's words. */
export function wrongCount({ word, parameters }: Directive): string | undefined {
  if (parameters.length === counts[word]) return undefined;
  return `Exactly ${counts[word]} parameter(s) were expected following the directive '${word}'. Actual parameter count: ${parameters.length}`;
}

/** What the service says of a directive that is a value, or stands within text. */
export function misplaced({ word }: Directive, isInline: boolean): string {
  if (!isInline) return `The expression directive '${word}' is not supported in this context`;
  const only = 'Directives are only supported when the entire value is an expression.';
  return `The directive '${word}' is not allowed in this context. Directives are not supported for expressions that are embedded within a string. ${only}`;
}

/** Cuts at white space outside of quotes and brackets. */
function parametersOf(text: string): string[] {
  const found: string[] = [];
  let current = '';
  let depth = 0;
  let inQuotes = false;
  for (const character of text) {
    if (character === "'") inQuotes = !inQuotes;
    else if (!inQuotes && '(['.includes(character)) depth += 1;
    else if (!inQuotes && ')]'.includes(character)) depth -= 1;
    if (!inQuotes && depth <= 0 && /\s/.test(character)) {
      if (current !== '') found.push(current);
      current = '';
    } else current += character;
  }
  if (current !== '') found.push(current);
  return found;
}
