import { masked, printable, visible } from './shown.ts';

const longestCell = 200;

/** A table for a page in the run's summary. Its texts may be foreign: none of them is read as Markdown or HTML. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => markdownText(cell, longestCell)).join(' | ')} |`;
}

/**
 * Foreign text as Markdown shows it as it is, on one line: every mark is escaped, also those that make a link of a bare
 * address, a name or a number. @param longest in characters
 */
export function markdownText(text: string, longest: number): string {
  // White space may be part of a secret.
  return visible(masked(text).replace(/\s+/g, ' '), longest).replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}

/** The same where HTML stands, such as in `<summary>`: as references, which neither HTML nor Markdown takes for marks. */
export function htmlText(text: string, longest: number): string {
  return visible(masked(text).replace(/\s+/g, ' '), longest).replace(
    /[!-/:-@[-`{-~]/g,
    (mark) => `&#${mark.codePointAt(0)};`,
  );
}

/** What may be folded away under one line. @param summary foreign text or ours @param inner Markdown */
export function folded(summary: string, inner: string): string {
  return `<details><summary>${htmlText(summary, longestCell)}</summary>\n\n${inner}\n\n</details>`;
}

/**
 * Foreign text as a block of code that nothing in it can end: its fence is longer than any within, and there is no tag of a
 * fold for a reader that looks for tags first. The text is bounded by who gives it.
 */
export function codeBlock(text: string): string {
  const harmless = printable(text).replace(/<(?=\/?(?:details|summary))/gi, '‹');
  const longest = [...harmless.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${harmless}\n${fence}`;
}
