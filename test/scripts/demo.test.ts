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

interface Played {
  readonly code: number | null;
  readonly output: string;
  /** Files in the folder for temporary files, and processes that use it. */
  readonly left: readonly string[];
}

/** Plays the demo with a folder of its own for temporary files. @param stop sends a signal once these words are printed */
async function play(
  args: readonly string[],
  stop?: { readonly signal: NodeJS.Signals; readonly words: string },
): Promise<Played> {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-'));
  const child = spawn(process.execPath, ['--import=tsx', 'scripts/demo.ts', ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listen = (chunk: Buffer): void => {
    const before = output;
    output += chunk.toString();
    if (stop !== undefined && !before.includes(stop.words) && output.includes(stop.words)) child.kill(stop.signal);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  // tsx keeps what it compiled there, whoever uses it.
  const files = readdirSync(folder).filter((name) => !name.startsWith('tsx-'));
  const left = [...files, ...(process.platform === 'linux' ? processesOf(folder) : [])];
  rmSync(folder, { recursive: true, force: true });
  return { code, output, left };
}

describe('The demo', () => {
  it('delivers a commit to qa and, once approved, to production, and keeps the pages of the runs', async () => {
    const pages = mkdtempSync(path.join(tmpdir(), 'pages-'));
    try {
      const { code, output, left } = await play(['--approve', '--pages', pages]);
      assert.deepEqual([code, left], [0, []], output);
      assert.match(output, /^Stage production, approved by Kim Contoso$/m);
      assert.match(
        output,
        /contoso-qa +go-template-app +1 +0\.4\.2\+\d+ +sha256:\w+… +[0-9a-f]{12} +\d+ +nobody was asked/,
      );
      assert.match(output, /contoso-prod +go-template-app +1 .* Kim Contoso$/m);
      assert.match(output, /^Done\.$/m);
      assert.deepEqual(readdirSync(pages).length, 4);
    } finally {
      rmSync(pages, { recursive: true });
    }
  });

  for (const args of [['--reject'], []]) {
    it(`leaves production untouched ${args.length > 0 ? 'when it is rejected' : 'without anybody to ask'}`, async () => {
      const { code, output, left } = await play(args);
      assert.deepEqual([code, left], [0, []], output);
      assert.match(output, /Failed +production: Kim Contoso rejected environment prod-go-template-app/);
      assert.match(output, /production was rejected, and is what it was before/);
      assert.doesNotMatch(output, /^ +contoso-prod/m);
    });
  }

  for (const [scenario, said] of [
    ['missing-image', /cannot pull .*; revision 2 is failed\. Rolled back to revision 1/s],
    ['forbidden', /give it the role 'Azure Kubernetes Service Cluster User Role'/],
    ['moved-tag', /the tag was moved after the CI run/],
    ['tampered-handoff', /somebody changed the one or the other after the CI run/],
    ['failed-wave', /Skipped +release_contoso_qa_north: .*release_contoso_qa_west: Failed.*Skipped +production: /s],
  ] as const) {
    it(`shows in scenario ${scenario} what goes wrong, and why`, async () => {
      const { code, output, left } = await play(['--scenario', scenario]);
      assert.deepEqual([code, left], [0, []], output);
      assert.match(output, said);
    });
  }

  it('says what is wrong with its options, and which there are', async () => {
    const { code, output } = await play(['--scenario', 'nothing']);
    assert.equal(code, 2);
    assert.match(output, /There is no scenario 'nothing'; there are crashloop, .*--scenario NAME/s);
    assert.equal((await play(['--approve', '--reject'])).code, 2);
    assert.equal((await play(['--help'])).code, 0);
  });

  for (const [signal, words] of [
    ['SIGINT', 'Build go-template-app'],
    ['SIGTERM', 'Open contoso-qa'],
    ['SIGINT', 'waits for Kim Contoso'],
  ] as const) {
    it(`leaves no process and no folder behind when ${signal} comes at "${words}"`, async function () {
      if (process.platform !== 'linux') this.skip();
      const { code, left, output } = await play(['--approve'], { signal, words });
      assert.match(output, new RegExp(`Stopped by ${signal}; nothing was left behind\\.`));
      assert.doesNotMatch(output, /^Done\.$/m);
      assert.deepEqual([code, left], [1, []]);
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
