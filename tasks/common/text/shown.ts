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
 * Text that is safe to print: without known secrets, control and invisible characters, and without the agent's command
 * marker. Invisible characters go first, because a culture-aware search for the marker ignores them, and because a secret
 * may stand between them.
 */
export function printable(text: string): string {
  const lines = masked(text).replace(/\r\n?|[\u2028\u2029]/g, '\n');
  const harmless = lines.replace(/[^\P{C}\n\t]|\p{Default_Ignorable_Code_Point}/gu, '');
  return masked(harmless).replace(/##(?=vso\[)/gi, '##_');
}
