import type { ChartFile } from './chart-file.ts';

/** True for the lock file of the chart itself, of either apiVersion. */
export function isChartLock(file: ChartFile): boolean {
  const [, name, ...deeper] = file.parts;
  return deeper.length === 0 && (name === 'Chart.lock' || name === 'requirements.lock');
}

/** A lock file with another time of origin. Helm writes that time on a line of its own and reads it nowhere. */
export function withLockTime(lock: Buffer, time: Date): Buffer {
  const generated = `generated: "${time.toISOString().replace(/\.\d+Z$/, 'Z')}"`;
  return Buffer.from(lock.toString('latin1').replace(/^generated:[^\r\n]*/m, generated), 'latin1');
}
