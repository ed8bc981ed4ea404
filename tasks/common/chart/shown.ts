const longestShown = 80;

/** Foreign text without invisible characters: each is written as its code, and long text is cut. */
export function visible(text: string, longest = longestShown): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A value out of a chart as an error message shows it: in quotes, shortened, nothing invisible. */
export function shown(text: string): string {
  return `"${visible(text)}"`;
}
