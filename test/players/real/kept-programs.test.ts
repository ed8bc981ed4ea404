import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { KeptPrograms } from '../../real/cluster/kept-programs.ts';
import { processEnd } from '../../real/process-end.ts';

/** Writes its process id into its folder, and stays. */
const stays = `require('node:fs').writeFileSync('id', String(process.pid)); setInterval(() => {}, 1000)`;

describe('The programs of a cluster', () => {
  it('are gone with their folder when they are closed', async () => {
    const programs = await KeptPrograms.open('kept');
    programs.start(program(stays));
    const id = await idOf(programs.folder);
    await programs.close();
    assert.ok(!existsSync(programs.folder));
    assert.ok(!runs(id));
  });

  it('are gone with their folder when the process that started them is killed', async () => {
    const parent = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', parentScript]);
    const [folder] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const id = await idOf(folder);
    parent.kill('SIGKILL');
    while (existsSync(folder)) await delay(10);
    assert.ok(!runs(id));
  });

  it('tell how one ended by itself, with the end of its log', async () => {
    const programs = await KeptPrograms.open('kept');
    programs.start(program(`console.error('no such flag'); process.exit(3)`));
    await assert.rejects(programs.failure, /^Error: program ended: exit code 3\nno such flag/);
    await programs.close();
  });

  it('are closed at once when they were killed already', async () => {
    const killed = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exited;
    await processEnd(killed);
  });

  it('tell when one cannot be started', async () => {
    const programs = await KeptPrograms.open('kept');
    programs.start({ ...program(stays), command: path.join(programs.folder, 'nothing') });
    await assert.rejects(programs.failure, /^Error: program ended: spawn .*ENOENT/);
    await programs.close();
  });
});

function program(script: string): Parameters<KeptPrograms['start']>[0] {
  return { name: 'program', command: process.execPath, args: ['-e', script], environment: {} };
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const parentScript = `
  import { KeptPrograms } from ${JSON.stringify(new URL('../../real/cluster/kept-programs.ts', import.meta.url).href)};
  const programs = await KeptPrograms.open('kept');
  programs.start(${JSON.stringify(program(stays))});
  console.log(programs.folder);
`;

async function idOf(folder: string): Promise<number> {
  const file = path.join(folder, 'id');
  for (;;) {
    const id = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (id > 0) return id;
    await delay(10);
  }
}

function runs(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
