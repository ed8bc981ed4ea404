import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoOptions, usage, type DemoOptions } from './demo/options.ts';
import { cacheFolder } from '../test/real/cache-folder.ts';

// Lets the story run in a temporary folder and a process group of its own, so that nothing of it is left behind, however
// it ends.

const options = readOptions();
const stage = mkdtempSync(path.join(tmpdir(), 'helm-delivery-demo-'));
const story = path.join(import.meta.dirname, 'demo', 'story.ts');
const hasGroups = process.platform !== 'win32';
const asks = options.approval === 'ask' && process.stdin.isTTY;
const child = spawn(process.execPath, ['--import=tsx', story, ...process.argv.slice(2)], {
  env: { ...process.env, TMPDIR: stage, TEMP: stage, TMP: stage, DEMO_HAS_TERMINAL: String(asks) },
  // A process group of its own may not read the terminal.
  stdio: [asks ? 'pipe' : 'ignore', 'inherit', 'inherit'],
  detached: hasGroups,
});
if (child.stdin !== null) process.stdin.pipe(child.stdin).on('error', () => undefined);

let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    // The story ends the steps, which lead process groups of their own.
    child.kill('SIGTERM');
  });
}

child.on('close', (code) => {
  if (asks) process.stdin.destroy();
  if (hasGroups && child.pid !== undefined) endGroup(child.pid);
  rmSync(stage, { recursive: true, force: true, maxRetries: 3 });
  removePartial(child.pid ?? 0);
  if (stoppedBy !== undefined) console.log(`\nStopped by ${stoppedBy}; nothing was left behind.`);
  process.exitCode = stoppedBy === undefined ? (code ?? 1) : 1;
});

/** Says what is wrong with the command line, or what there is, and leaves. */
function readOptions(): DemoOptions {
  let read: DemoOptions | 'help';
  try {
    read = demoOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage()}`);
    return process.exit(2);
  }
  if (read !== 'help') return read;
  console.log(usage());
  return process.exit(0);
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

/** Programs that were being obtained for the cache. */
function removePartial(pid: number): void {
  const cache = cacheFolder();
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache, { recursive: true, encoding: 'utf8' })) {
    if (path.basename(name).includes(`.partial-${pid}-`))
      rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}
