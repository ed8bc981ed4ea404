import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

describe('A real program', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'cache-'));
  after(() => rmSync(home, { recursive: true, force: true }));

  it('is obtained by one of several processes that want it, and all get it', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => obtain(home)));
    const said = runs.map(({ error }) => error).join('');
    assert.equal(said.match(/goes to/g)?.length, 1, said);
    const [first] = runs;
    assert.match(first?.output ?? '', /helm$/);
    for (const { output } of runs) assert.equal(output, first?.output);
  });
});

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const script = `
  import { realProgram } from ${JSON.stringify(new URL('../../real/index.ts', import.meta.url).href)};
  process.stdout.write(await realProgram('helm-4.2'));
`;

async function obtain(home: string): Promise<{ output: string; error: string }> {
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, LOCALAPPDATA: home };
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], { env });
  const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, error };
}
