import { masked } from './known-secrets.ts';

const longestShown = 80;

/**
 * The beginning of a text, with `…` where it was cut; known secrets are masked before. @param longest in characters
 */
export function shortened(text: string, longest: number): string {
  const whole = masked(text);
  return whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
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
