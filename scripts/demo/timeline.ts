import type { StepResult } from '../../test/agent/index.ts';

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
  console.log(`${at()}  ${what.padEnd(44)} ${took}  ${outcome}`);
}

/** Something worth reading below the last event. */
export function detail(name: string, value: string): void {
  console.log(`           ${paint('dim', name.padEnd(16))} ${value}`);
}

/** Tells a step's end and its outputs. @throws Error when it did not end as expected. */
export function told(task: string, step: StepResult, expected: StepResult['result'] = 'Succeeded'): StepResult {
  const asExpected = step.result === expected;
  const outcome = asExpected && expected === 'Failed' ? 'refused, as it should' : step.result;
  event(`${task}  ${step.name}`, step.durationMs, paint(asExpected ? 'green' : 'red', outcome));
  for (const [name, value] of Object.entries(step.outputs)) if (value !== '') detail(name, shortened(value));
  if (expected === 'Failed') for (const issue of step.issues) detail('because', issue.message);
  if (!asExpected) {
    console.log(step.log.join('\n'));
    throw new Error(`${task} ended as ${step.result}, not ${expected}.`);
  }
  return step;
}

/** Digests are told apart by their first digits. */
function shortened(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…');
}
