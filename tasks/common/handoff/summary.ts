import { markdownTable } from '../text/markdown.ts';
import type { Handoff } from './schema.ts';

/** The handoff as a Markdown page for the run's summary. */
export function handoffSummary({ chart, images, variables, files = [], run, seal }: Handoff): string {
  const rows = [
    ['Chart', chart.reference, chart.digest],
    ...(chart.appVersion === undefined ? [] : [['App version', chart.appVersion, '']]),
    ...images.map(({ name, repository, tag, digest }) => [`Image ${name}`, `${repository}:${tag}`, digest]),
    ...Object.entries(variables).map(([name, value]) => [`Variable ${name}`, value, '']),
    ...files.map(({ path, digest }) => ['File', path, digest]),
    ['Commit', run.commit, run.branch],
    ['Seal', seal?.algorithm ?? 'none', ''],
  ];
  return `${markdownTable(['What', 'Value', 'Digest or branch'], rows)}\n`;
}
