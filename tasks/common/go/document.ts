import { Composer, type Document, isScalar, Lexer, Parser, visit, type YAMLMap } from 'yaml';
import { TaskError } from '../task/outcome.ts';
import { shown, visible } from '../text/shown.ts';

/**
 * Words, marks, line ends and indentations of a file: some ten thousand lines of a Chart.yaml. What the library does
 * with a text takes time by their number, at most a second for so many; and nobody hears a cancel meanwhile.
 */
export const mostTokens = 100_000;

/**
 * Lists and mappings in each other; Go takes 10,000. The library goes down by recursion, and V8 ends the whole process
 * when it has to compile a regular expression near the end of its stack.
 */
const mostLevels = 100;

/** What is done about more documents than one: they are not read, or whoever refuses them is told where one begins. */
export type Others = 'unread' | ((offset: number) => never);

/** How a text is read. */
export interface HowToRead {
  /** Of the library: `failsafe` gives every scalar as text, `core` numbers and booleans too. */
  readonly schema: 'failsafe' | 'core';
  readonly others: Others;
  /** How many words and marks at most. */
  readonly tokens?: number;
}

/** Says what is wrong with a text, and where. */
export type Fail = (problem: string, offset?: number) => never;

/**
 * Parses the first document of a YAML text. The work grows with the length of the text alone, whatever it holds: no text
 * is shown again with its errors, equal keys are not looked for, and no tag has a meaning (the library compares the keys
 * of an `!!omap` each with each).
 * @param fail is called for the first error
 * @returns undefined when there is no document
 */
export function firstDocument(text: string, how: HowToRead, fail: Fail): Document.Parsed | undefined {
  const composer = composerOfOneError(how.schema);
  const { others } = how;
  try {
    const documents = composer.compose(boundedTokens(text, how, fail));
    const { value: document } = documents.next();
    const [error] = document?.errors ?? composer.streamInfo().errors;
    if (error?.code === 'RESOURCE_EXHAUSTION') fail('it is nested too deeply', error.pos[0]);
    if (error !== undefined) fail(visible(error.message, 200), error.pos[0]);
    if (others === 'unread') return document ?? undefined;
    // One that holds nothing, as after a last `---`, changes nothing.
    for (const other of documents) if (holdsSomething(other)) others(other.range[0]);
    return document ?? undefined;
  } catch (error) {
    if (error instanceof RangeError) return fail('it is nested too deeply');
    throw error;
  }
}

function holdsSomething({ contents, errors }: Document.Parsed): boolean {
  return errors.length > 0 || (contents !== null && !(isScalar(contents) && contents.source === ''));
}

/** Every error and warning of the library carries a stack, and a text may have one at each character; one error is enough. */
function composerOfOneError(schema: 'failsafe' | 'core'): Composer {
  const composer = new Composer({ schema, resolveKnownTags: false, uniqueKeys: false, prettyErrors: false });
  const report = composer['onError'];
  let isBroken = false;
  composer['onError'] = (...error: unknown[]): void => {
    const [, , , isWarning] = error;
    if (isBroken || isWarning === true) return;
    isBroken = true;
    report(...error);
  };
  return composer;
}

/** The library's parser, fed by hand so that tokens and levels can be counted; it ends at the first error. */
function* boundedTokens(
  text: string,
  { others, tokens = mostTokens }: HowToRead,
  fail: Fail,
): ReturnType<Parser['parse']> {
  const parser = new Parser();
  const endsWith = (made: { type: string }): boolean =>
    made.type === 'error' || (made.type === 'document' && others === 'unread');
  let count = 0;
  for (const token of new Lexer().lex(text)) {
    // Each escape in a text is work, too.
    count += token.startsWith('"') ? token.split('\\').length : 1;
    if (count > tokens) fail(`it has more than the ${tokens} words and marks that are read`, parser.offset);
    // The document and the text in it count, too.
    if (parser.stack.length > mostLevels + 2) fail('it is nested too deeply', parser.offset);
    for (const made of parser.next(token)) {
      yield made;
      if (endsWith(made)) return;
    }
  }
  yield* parser.end();
}

/** The line and the column of a place in a text, from 1. */
export function placeIn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Calls `fail` for a key that stands twice in a mapping. */
export function refuseSameKeys(map: YAMLMap, fail: Fail): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) fail(`the key ${shown(name)} stands here for the second time`, key.range?.[0]);
    seen.add(name);
  }
}

/**
 * What a YAML file says that a program wrote: numbers, booleans and texts as YAML 1.2 has them; no key twice, and no
 * alias, which could blow a small text up to any size.
 * @param what it is, for messages
 * @throws TaskError when it is no such YAML
 */
export function readPlainYaml(text: string, what: string): unknown {
  const fail: Fail = (problem, offset = 0) => {
    const { line, column } = placeIn(text, offset);
    throw new TaskError(`The ${what} is no YAML that can be read: ${problem} (line ${line}, column ${column}).`);
  };
  const others = (offset: number): never => fail('it holds several documents', offset);
  const document = firstDocument(text, { schema: 'core', others }, fail);
  if (document === undefined) return null;
  try {
    visit(document, {
      Alias: (_key, { range }) => fail('it has an alias', range?.[0]),
      Map: (_key, map) => {
        refuseSameKeys(map, fail);
        const odd = map.items.find(({ key }) => !isScalar(key));
        if (odd !== undefined) fail('a key is no text', map.range?.[0]);
      },
    });
    return document.toJS();
  } catch (error) {
    if (error instanceof RangeError) return fail('it is nested too deeply');
    throw error;
  }
}
