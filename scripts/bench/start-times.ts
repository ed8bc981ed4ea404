import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../generate/task-json.ts';

/** What a bundle costs before it does anything. */
export interface BundleCost {
  /** `<task>/<file>`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds from start to end with an empty environment, where it finds that its inputs are missing. */
  readonly startMs: number;
}

const rounds = 15;

/** Measures all bundles and an empty script, each in turn, so that a slow moment of the machine hits all alike. */
export function measureBundles(): { bareMs: number; bundles: BundleCost[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const empty = path.join(folder, 'empty.js');
    writeFileSync(empty, '');
    const tasks = path.join(root, 'dist', 'tasks');
    const files = readdirSync(tasks, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const scripts = [empty, ...files.map((file) => path.join(tasks, file))];
    const times = new Map(scripts.map((script) => [script, [] as number[]]));
    for (let round = 0; round < rounds; round++) {
      for (const script of scripts) times.get(script)?.push(timeOf(script, folder));
    }
    const bundles = files.sort().map((name) => {
      const file = path.join(tasks, name);
      return { name, size: statSync(file).size, startMs: median(times.get(file) ?? []) };
    });
    return { bareMs: median(times.get(empty) ?? []), bundles };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timeOf(script: string, folder: string): number {
  const started = performance.now();
  execFileSync(process.execPath, [script], { env: {}, cwd: folder, stdio: 'pipe' });
  return performance.now() - started;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
