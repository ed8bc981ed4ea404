import { visible } from './shown.ts';

const longestCell = 200;

/** A table for a page in the run's summary. Its texts may be foreign: none of them is read as Markdown or HTML. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(' | ')} |`;
}

/** Text that Markdown shows as it is, on one line; cut after 200 characters. */
function plain(text: string): string {
  return visible(text.replace(/\s+/g, ' '), longestCell).replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
