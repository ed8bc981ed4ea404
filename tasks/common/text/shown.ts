import { formsOf } from './secret-forms.ts';

const longestShown = 80;

/**
 * The beginning of a text, with `…` where it was cut; known secrets are masked before. @param longest in characters
 */
export function shortened(text: string, longest: number): string {
  const head = headOf(text, longest);
  const whole = masked(head);
  return whole.length > longest || head.length < text.length ? `${whole.slice(0, longest)}…` : whole;
}

/** Masking takes long where many secrets are known; so of what is cut far before its end no more is looked at. In characters. */
const mostLookedAt = 64 * 1024;

/** So much of a text that what is shown of it does not end within a secret. */
function headOf(text: string, longest: number): string {
  const most = Math.max(mostLookedAt, 2 * longest);
  const cut = cutOutsideSecrets(text.slice(0, most + longestForm), most);
  return cut === undefined || cut >= text.length ? text : text.slice(0, cut);
}

/** The same with `…` in the middle: tools often say last what was wrong. */
export function shortenedInside(text: string, longest: number): string {
  const whole = masked(text);
  if (whole.length <= longest) return whole;
  const head = Math.ceil(longest / 2);
  return `${whole.slice(0, head)}…${whole.slice(head - longest)}`;
}

/** Foreign text without invisible characters: each is written as its code, and long text is cut. */
export function visible(text: string, longest = longestShown): string {
  return shortened(text, longest).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A value out of a chart as an error message shows it: in quotes, shortened, nothing invisible. */
export function shown(text: string): string {
  return `"${visible(text)}"`;
}

/**
 * The agent searches for its mark by the rules of a culture (.NET's IndexOf), which know characters that weigh nothing, such
 * as U+20DD, a circle around the letter before; so none that is not ASCII counts between the parts of a mark.
 */
const mark = /#(\P{ASCII}*)#(?=\P{ASCII}*(?:v\P{ASCII}*s\P{ASCII}*o\P{ASCII}*)?\[)/giu;

/**
 * Text that is safe to print: without known secrets, control and invisible characters, and without the marks by which the
 * agent knows a command (`##vso[`) and the log's page a heading, an error or a fold (`##[error]`). Invisible characters go
 * first, because a secret may stand between them.
 */
export function printable(text: string): string {
  const lines = masked(text).replace(/\r\n?|[\u2028\u2029]/g, '\n');
  const harmless = lines.replace(/[^\P{C}\n\t]|\p{Default_Ignorable_Code_Point}/gu, '');
  return masked(harmless).replace(mark, '#$1#_');
}

/** What stands where a secret stood, as the agent's own masker writes it. */
const mask = '***';

/** A shorter secret is left to the agent: it would be found in every other word. In characters. */
const shortestMasked = 3;

// The agent hides secrets only in what it is sent, and only whole ones: it knows nothing of a text that was cut, nor of
// pages and messages. So the process knows its secrets itself.
const forms = new Set<string>();
let longestForm = 0;

/** From here on no text that is shown holds this secret, in any of its usual forms (secret-forms.ts). */
export function learnSecret(secret: string): void {
  for (const form of formsOf(secret)) {
    if (form.length < shortestMasked) continue;
    forms.add(form);
    longestForm = Math.max(longestForm, form.length);
  }
}

/** The text with every known secret replaced by `***`. It comes before any cut: half a secret is not recognised. */
export function masked(text: string): string {
  let hidden = '';
  let at = 0;
  for (const { start, end } of stretches(text)) {
    if (start >= at) hidden += text.slice(at, start) + mask;
    at = Math.max(at, end);
  }
  return hidden + text.slice(at);
}

/**
 * Where a text that goes on may be cut into two so that no known secret is: at most at `length`. Undefined when more of
 * the text must be read first. In characters.
 */
export function cutOutsideSecrets(text: string, length: number): number | undefined {
  if (text.length < length + longestForm) return undefined;
  let [cut, reach] = [length, 0];
  for (const { start, end } of stretches(text)) {
    if (start >= length) break;
    // Of stretches that overlap, the first one begins the whole.
    if (start >= reach) cut = start;
    reach = Math.max(reach, end);
  }
  if (reach <= length) return length;
  return cut === 0 ? reach : cut;
}

function stretches(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
      found.push({ start, end: start + form.length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
