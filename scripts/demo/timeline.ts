const start = Date.now();
const style = process.stdout.isTTY
  ? { bold: '\x1b[1m', dim: '\x1b[2m', red: '\x1b[31m', green: '\x1b[32m', end: '\x1b[0m' }
  : undefined;
const paint = (kind: 'bold' | 'dim' | 'red' | 'green', text: string): string =>
  style ? `${style[kind]}${text}${style.end}` : text;

let last = start;
const quietMs = 10_000;

/** From now on says that it goes on, whenever nothing else was said for ten seconds. */
export function keepTelling(): void {
  setInterval(() => {
    if (Date.now() - last < quietMs) return;
    last = Date.now();
    console.log(`${at()}  … still at it`);
  }, 1000).unref();
}

const at = (): string => paint('dim', `${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s`);

/** A new part of the story. */
export function chapter(title: string): void {
  last = Date.now();
  console.log(`\n${paint('bold', title)}`);
}

/** One line: when, what, how long it took and how it ended. */
export function event(what: string, durationMs: number, outcome: string): void {
  last = Date.now();
  const took = `${(durationMs / 1000).toFixed(2).padStart(5)} s`;
  console.log(`${at()}  ${what.padEnd(44)} ${took}  ${paint(outcome === 'Succeeded' ? 'green' : 'red', outcome)}`);
}

/** Something worth reading below the last event. */
export function detail(name: string, value: string): void {
  last = Date.now();
  console.log(`           ${paint('dim', name.padEnd(16))} ${shortened(value)}`);
}

/** Tells rows of cells below the last event, in columns. */
export function columns(name: string, rows: readonly (readonly string[])[]): void {
  const texts = rows.map((cells) => cells.map(shortened));
  const width = (column: number): number => Math.max(...texts.map((cells) => cells[column]?.length ?? 0));
  for (const [index, cells] of texts.entries()) {
    detail(
      index === 0 ? name : '',
      cells
        .map((cell, column) => cell.padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** Digests are told apart by their first digits. */
function shortened(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…');
}
