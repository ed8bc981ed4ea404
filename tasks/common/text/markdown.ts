import { masked, visible } from './shown.ts';

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
