import { markdownTable } from '../text/markdown.ts';
import { titleOf } from '../watching/view.ts';
import type { Status } from './report.ts';
import { line } from './safe-text.ts';

const mostRows = 25;
const mostBytes = 16_000;

const order = { failed: 0, progressing: 1, ready: 2 } as const;

/** How far the objects are, as Markdown: what failed first, what is ready last. */
export function statusTable(statuses: readonly Status[]): string {
  const sorted = [...statuses].sort((one, other) => order[one.health.state] - order[other.health.state]);
  const rows = sorted.slice(0, mostRows).map((each) => [titleOf(each.object), countOf(each.health), whyNot(each)]);
  const others = sorted.slice(mostRows);
  const ready = others.filter(({ health }) => health.state === 'ready').length;
  const table = markdownTable(['Object', 'Ready', 'Why not'], rows);
  const whole = Buffer.byteLength(table) <= mostBytes ? table : markdownTable(['Object', 'Ready'], rows.map(short));
  return others.length === 0 ? whole : `${whole}\n\nAnd ${others.length} more objects, ${ready} of them ready.`;
}

const short = ([title = '', count = '']: readonly string[]): string[] => [line(title, 80), count];

function countOf({ state, ready, wanted = 0 }: Status['health']): string {
  if (ready === undefined || wanted === 0) return state === 'ready' ? 'yes' : 'no';
  return `${ready} of ${wanted}`;
}

function whyNot({ health: { state, why, optional }, hook }: Status): string {
  const aside = hook === undefined ? (optional === true ? ' (nothing waits for it)' : '') : ` (hook ${hook})`;
  if (state === 'ready') return '';
  const said = state === 'failed' && !why.startsWith('it failed') ? `failed: ${why}` : why;
  return `${said}${aside}`;
}
