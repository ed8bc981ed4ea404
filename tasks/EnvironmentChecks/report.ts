import type { Log } from '../common/task/log.ts';
import type { SummaryPage } from '../common/task/outcome.ts';
import { markdownTable, markdownText } from '../common/text/markdown.ts';
import { visible } from '../common/text/shown.ts';
import { differingFields, type NormalForm } from './normal-form.ts';
import type { Drift } from './drift.ts';

/** One line of the table. */
export interface DriftRow {
  readonly environment: string;
  readonly drift: Drift;
  /** What became of it: `differs`, `changed`, or why nothing did. */
  readonly state: string;
  /** Whether it still differs. */
  readonly isLeft: boolean;
}

/** Names for the ids that stand in the fields of checks, and for `pipeline 77` what is said of it. */
export type Names = ReadonlyMap<string, string>;

const head = ['Environment', 'Check', 'Wanted', 'Found', 'State'] as const;
const mostOnPage = 300;
const mostOnConsole = 5000;
const mostReasons = 20;
const longestCell = 90;

/** The lines of the table as texts: of two forms of a check the fields in which they differ. */
function cells({ environment, drift, state }: DriftRow, names: Names): string[] {
  const { what, wanted, found } = drift;
  const fields = typeof wanted === 'string' || typeof found === 'string' ? undefined : differingFields(wanted, found);
  return [environment, what, textOf(wanted, fields, names), textOf(found, fields, names), state];
}

function textOf(form: NormalForm | string, fields: readonly string[] | undefined, names: Names): string {
  if (typeof form === 'string') return form.replace(pipelineStart, (start) => names.get(start) ?? start);
  const shown = fields ?? Object.keys(form);
  const parts = shown.map((name) => `${name}: ${named(form[name] || (usual[name] ?? 'none'), names)}`);
  return parts.length === 0 ? 'is there' : parts.join('; ');
}

/** What a field says where it is left out. */
const usual: Readonly<Record<string, string>> = { state: 'switched on' };

const named = (text: string, names: Names): string =>
  text.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => names.get(id) ?? id);

/** The ids that stand in the rows, so that they can be shown as names. */
export function idsIn(rows: readonly DriftRow[]): string[] {
  const texts = rows.flatMap(({ drift }) =>
    [drift.wanted, drift.found].flatMap((form) => (typeof form === 'string' ? [] : Object.values(form))),
  );
  return [...new Set(texts.flatMap((text) => text.match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g) ?? []))];
}

const pipelineStart = /^pipeline (\d+)/;

/** The ids of pipelines that stand in the rows, which the file does not name. */
export function pipelinesIn(rows: readonly DriftRow[]): number[] {
  const found = rows.flatMap(({ drift }) => (typeof drift.found === 'string' ? [drift.found] : []));
  return [...new Set(found.flatMap((text) => pipelineStart.exec(text)?.[1] ?? []))].map(Number);
}

/** The table on the console, its columns as wide as what is in them. */
export function showTable(rows: readonly DriftRow[], names: Names, log: Pick<Log, 'info'>): void {
  const shown = rows.slice(0, mostOnConsole).map((row) => cells(row, names));
  const lines = [[...head], ...shown].map((line) =>
    line.map((cell, column) => visible(cell.replace(/\s+/g, ' '), column === line.length - 1 ? 200 : longestCell)),
  );
  const widths = head.map((_name, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines)
    log.info(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  if (rows.length > shown.length) log.info(`${rows.length - shown.length} more lines are not shown.`);
}

/** The page in the run's summary. */
export function pageOf(
  message: string,
  { rows, failures }: { readonly rows: readonly DriftRow[]; readonly failures: readonly string[] },
  names: Names,
): SummaryPage {
  const table = rows.slice(0, mostOnPage).map((row) => cells(row, names));
  const reasons = failures.slice(0, mostReasons).map((reason) => `- ${markdownText(reason, 1000)}`);
  const more = rows.length - table.length + failures.length - reasons.length;
  const parts = [
    markdownText(message, 1000),
    reasons.join('\n'),
    rows.length === 0 ? '' : markdownTable(head, table),
    more > 0 ? `${more} more lines are in the log of the step.` : '',
  ];
  return { title: 'Environments and checks', markdown: `${parts.filter(Boolean).join('\n\n')}\n` };
}
