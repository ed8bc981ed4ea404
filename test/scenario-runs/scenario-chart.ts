import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeFiles } from '../bench/write-files.ts';
import { filesBelow, type Scenario } from './scenario.ts';

const shared = path.join(import.meta.dirname, 'chart');

/**
 * Writes the chart of a scenario into a folder: its own whole one (`chart/`), or the shared one with values of its own
 * (`values.yaml`), whose templates give way to the scenario's where it has any (`templates/`).
 */
export function writeChart({ folder, files }: Scenario, target: string): void {
  const whole = filesBelow(path.join(folder, 'chart'));
  const { 'values.yaml': values = '' } = filesBelow(folder);
  writeFiles(target, Object.keys(whole).length > 0 ? whole : { ...overShared(folder), 'values.yaml': values });
  for (const [name, size] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    writeFileSync(path.join(target, name), randomBytes(size));
  }
}

function overShared(folder: string): Record<string, string> {
  const own = filesBelow(path.join(folder, 'templates'));
  const templates = Object.keys(own).length > 0 ? own : filesBelow(path.join(shared, 'templates'));
  const named = Object.entries(templates).map(([name, text]) => [path.join('templates', name), text] as const);
  return { 'Chart.yaml': filesBelow(shared)['Chart.yaml'] ?? '', ...Object.fromEntries(named) };
}
