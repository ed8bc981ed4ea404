import { visible } from '../chart/shown.ts';
import type { Handoff } from './handoff.ts';

const longestCell = 200;

/** The handoff as a Markdown page for the run's summary. Its texts may be anything, so none of it is read as Markdown. */
export function handoffSummary({ chart, images, variables, run, seal }: Handoff): string {
  const rows = [
    ['Chart', chart.reference, chart.digest],
    ...(chart.appVersion === undefined ? [] : [['App version', chart.appVersion, '']]),
    ...images.map(({ name, repository, tag, digest }) => [`Image ${name}`, `${repository}:${tag}`, digest]),
    ...Object.entries(variables).map(([name, value]) => [`Variable ${name}`, value, '']),
    ['Commit', run.commit, run.branch],
    ['Seal', seal?.algorithm ?? 'none', ''],
  ];
  const lines = rows.map((row) => `| ${row.map(cell).join(' | ')} |`);
  return ['| What | Value | Digest or branch |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function cell(text: string): string {
  return visible(text.replace(/\s+/g, ' '), longestCell).replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
