import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../generate/task-json.ts';

const rounds = 3;

/** Seconds that the whole delivery takes by the demo, from start to end, once the real programs are there: the median. */
export function measureRehearsal(): number {
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const args = ['--import=tsx', path.join(root, 'scripts/demo.ts'), '--approve'];
    execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
    return (performance.now() - started) / 1000;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}
