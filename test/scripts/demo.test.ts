import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { missing } from '../../scripts/demo/needs.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Command lines of processes that have this folder as their temporary folder or below it. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`=${folder}`);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return isOurs && command !== '' ? [command] : [];
      } catch {
        return [];
      }
    });
}

/** Runs the demo until it prints this, then stops it. */
async function stopped(signal: NodeJS.Signals, words: string): Promise<{ left: string[]; output: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-'));
  const child = spawn(process.execPath, ['--import=tsx', 'scripts/demo.ts'], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const before = output;
    output += chunk.toString();
    if (!before.includes(words) && output.includes(words)) child.kill(signal);
  });
  await new Promise((resolve) => {
    child.once('close', resolve);
  });
  // tsx keeps what it compiled there, whoever uses it.
  const files = readdirSync(folder).filter((name) => !name.startsWith('tsx-'));
  const left = [...files, ...processesOf(folder)];
  rmSync(folder, { recursive: true, force: true });
  return { left, output };
}

describe('The demo', () => {
  for (const [signal, words] of [
    ['SIGINT', 'saveLibrary'],
    ['SIGTERM', 'registry login'],
    ['SIGTERM', 'can never get ready'],
    ['SIGINT', 'whoami'],
  ] as const) {
    it(`leaves no process and no folder behind when ${signal} comes at "${words}"`, async function () {
      if (process.platform !== 'linux') this.skip();
      const { left, output } = await stopped(signal, words);
      assert.match(output, new RegExp(`Stopped by ${signal}; nothing was left behind\\.`));
      assert.doesNotMatch(output, /^Done\.$/m);
      assert.deepEqual(left, []);
    });
  }

  it('says in one sentence what a machine lacks', () => {
    const machine = { node: '24.1.0', hasGit: true, cache: '/home/contoso/.cache', writable: () => true };
    assert.equal(missing(machine), undefined);
    assert.match(missing({ ...machine, node: '18.20.8' }) ?? '', /needs Node 20 or later; this is Node 18\.20\.8\.$/);
    assert.match(missing({ ...machine, hasGit: false }) ?? '', /needs git/);
    assert.match(missing({ ...machine, writable: () => false }) ?? '', /\/home\/contoso\/\.cache.*XDG_CACHE_HOME/);
  });
});
