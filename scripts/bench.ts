import os from 'node:os';
import { measureDeliveries } from './bench/deliveries.ts';
import { measureBundles } from './bench/start-times.ts';

// What the bundles cost: their size, their start, and their way to the registry and back, on this machine.

const sizeLimit = 900_000;
const startGoal = 2;

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log(`\n${[head, ...rows].map(line).join('\n')}`);
}

console.log(`Node ${process.versions.node}, ${os.type()} ${os.arch()}, ${os.availableParallelism()} cores. Medians.`);

const { bareMs, bundles } = measureBundles();
table(
  ['bundle', 'kB', 'of limit', 'start ms', `of bare node (${bareMs.toFixed(0)} ms)`],
  bundles.map(({ name, size, startMs }) => [
    name,
    (size / 1000).toFixed(0),
    `${((size / sizeLimit) * 100).toFixed(0)} %`,
    startMs.toFixed(0),
    `${(startMs / bareMs).toFixed(2)}${startMs / bareMs > startGoal ? ` (goal ${startGoal})` : ''}`,
  ]),
);

const steps = await measureDeliveries();
const byHelm = steps.at(-1);
table(
  ['on loopback', 'ms', 'of helm', 'requests', 'to the registry'],
  steps.map(({ name, ms, requests, registryRequests }) => [
    name,
    ms.toFixed(0),
    (ms / (byHelm?.ms ?? NaN)).toFixed(2),
    String(requests),
    String(registryRequests),
  ]),
);
