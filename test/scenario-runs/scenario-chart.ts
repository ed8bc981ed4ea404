import path from 'node:path';
import { writeFiles } from '../bench/write-files.ts';
import { filesBelow, type Scenario } from './scenario.ts';

const shared = path.join(import.meta.dirname, 'chart');

/**
 * Writes the chart of a scenario into a folder: its own whole one (`chart/`), or the shared one with values of its own
 * (`values.yaml`), whose templates give way to the scenario's where it has any (`templates/`).
 */
export function writeChart({ folder }: Scenario, target: string): void {
  const whole = filesBelow(path.join(folder, 'chart'));
  const { 'values.yaml': values = '' } = filesBelow(folder);
  writeFiles(target, Object.keys(whole).length > 0 ? whole : { ...overShared(folder), 'values.yaml': values });
}

function overShared(folder: string): Record<string, string> {
  const own = filesBelow(path.join(folder, 'templates'));
  const templates = Object.keys(own).length > 0 ? own : filesBelow(path.join(shared, 'templates'));
  const named = Object.entries(templates).map(([name, text]) => [path.join('templates', name), text] as const);
  return { 'Chart.yaml': filesBelow(shared)['Chart.yaml'] ?? '', ...Object.fromEntries(named) };
}
