// Scripts paste values: the agent writes what `$(step.output)` stands for into their text before anything runs it. So a
// value may hold only what sh, bash, PowerShell, cmd and the agent's own macros leave alone, where it stands without quotes.

/**
 * One word that nothing acts on, or nothing. No space, which would begin another argument. At the beginning no `-`, which
 * would make it an option, except of a number; no `@`, by which curl and its like read a file, and none of `= , :`, which
 * shells act on there. The same holds behind each comma, where PowerShell begins another argument: `1.0,--kubeconfig=x` would
 * be two of them. docs/handoff.schema.json has the same pattern.
 */
export const plainWord =
  /^(?:(?:[0-9A-Za-z_.+/][0-9A-Za-z_.+=@:/-]*|-[0-9][0-9.]*)(?:,(?:[0-9A-Za-z_.+/][0-9A-Za-z_.+=@:/-]*|-[0-9][0-9.]*))*)?$/;

/**
 * A path that is safe between quotes, where paths belong: letters of all languages, spaces, and the backslash, colon and
 * tilde of Windows are allowed in it.
 */
export const plainPath = /^[\p{L}\p{M}\p{N} _.+=@~,:/\\#-]*$/u;

/** The rules in words, for error messages. */
export const wordRule =
  'one word of the letters A to Z, digits and . _ + = @ , : / -, in which none of = @ , : - stands at the beginning or behind ' +
  'a comma';
export const versionRule = 'one word of the letters A to Z, digits and . _ + @ : / -, which begins with none of @ : -';
export const pathRule = 'letters, digits, spaces and . _ + = @ ~ , : / \\ # -';

/** What is wrong with a word, such as `has the character "$" at place 5`; undefined when nothing is. */
export function wordFault(text: string): string | undefined {
  if (plainWord.test(text)) return undefined;
  const fault = characterFault(text, /[0-9A-Za-z_.+=@,:/-]/);
  if (fault !== undefined || !text.includes(',')) return fault ?? `begins with ${JSON.stringify(text[0])}`;
  const part = text.split(',').find((each) => each === '' || !plainWord.test(each)) ?? '';
  return part === ''
    ? 'has nothing before or behind a comma'
    : `has a part that begins with ${JSON.stringify(part[0])}`;
}

/**
 * The same for a version of a stranger, which also stands in `--set image.tag=$(step.appVersion)`: a comma there begins
 * another value, whose name is behind it.
 */
export function versionFault(text: string): string | undefined {
  return wordFault(text) ?? characterFault(text, /[^,=]/);
}

/** The same for a path. */
export function pathFault(text: string): string | undefined {
  return plainPath.test(text) ? undefined : characterFault(text, plainPath);
}

function characterFault(text: string, allowed: RegExp): string | undefined {
  const characters = Array.from(text);
  const at = characters.findIndex((character) => !allowed.test(character));
  const [code = 0] = [characters[at]?.codePointAt(0)];
  if (at < 0) return undefined;
  const name =
    code > 0x20 && code < 0x7f
      ? `"${characters[at]}"`
      : (named[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
  return `has the character ${name} at place ${at + 1}`;
}

const named: Readonly<Record<number, string>> = { 0x20: 'space', 0x09: 'tab', 0x0a: 'line end', 0x0d: 'line end' };
