import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chartWith, chartYamlEntry, paxEntry, tarEntry, tarOf } from './hostile-archive.ts';
import { ScratchFolder } from './scratch-folder.ts';

const modules = ['inspect', 'reproducible', 'unpack'].map(
  (name) => new URL(`../../../tasks/common/chart/archive/${name}.ts`, import.meta.url).href,
);
const run = promisify(execFile);

/** Runs `work` (on `chart`, which has all functions for archives, and on `archive`) alone in a process: MB that its memory grew by, and what it said. */
async function growthOf(work: string, archive: string): Promise<{ megabytes: number; said: string }> {
  const program = `
    const [archive, ...modules] = process.argv.slice(1);
    const chart = Object.assign({}, ...(await Promise.all(modules.map((name) => import(name)))));
    const before = process.resourceUsage().maxRSS;
    let said = 'accepted';
    try { ${work} } catch (error) { said = error.message; }
    console.log(JSON.stringify({ megabytes: (process.resourceUsage().maxRSS - before) / 1024, said }));`;
  const { stdout } = await run(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    program,
    archive,
    ...modules,
  ]);
  return JSON.parse(stdout) as { megabytes: number; said: string };
}

describe('the memory that a chart archive takes stays small for', () => {
  const scratch = new ScratchFolder();

  for (const [what, bytes, said] of [
    ['a gzip of endless zeros', () => zeros(400), /unpacks to more than/],
    ['endless zeros after the end of the tar', () => Buffer.concat([chartWith(), zeros(400)]), /unpacks to more than/],
    ['very many names', () => manyNames(), /more than 10000 files and folders/],
    ['pax headers without end', () => manyHeaders(), /unpacks to more than/],
  ] as const) {
    it(`${what}, which is refused`, async () => {
      const growth = await growthOf('await chart.inspectArchive(archive);', await scratch.file(bytes()));
      assert.match(growth.said, said);
      assert.ok(growth.megabytes < 32, `${growth.megabytes} MB`);
    });
  }

  it('a chart of 64 MB, checked, made reproducible and unpacked', async () => {
    const archive = await scratch.file(chartWith({ name: 'app/files/large.bin', body: randomBytes(64 * 1024 * 1024) }));
    const growth = await growthOf(
      `await chart.makeReproducible(archive, archive + '.out', new Date(0));
       await chart.unpackArchive(archive + '.out', archive + '.folder');`,
      archive,
    );
    assert.equal(growth.said, 'accepted');
    assert.ok(growth.megabytes < 32, `${growth.megabytes} MB`);
  });
});

/** So many MB of zeros, in gzip members of one MB each. */
function zeros(megabytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(1024 * 1024));
  return Buffer.concat(Array.from({ length: megabytes }, () => member));
}

function manyNames(): Buffer {
  const folder = 'n'.repeat(90);
  const entries = Array.from({ length: 11_000 }, (_, n) => ({ name: `app/${n}${folder}` }));
  return gzipSync(tarOf([chartYamlEntry, ...entries]));
}

function manyHeaders(): Buffer {
  const header = gzipSync(
    Buffer.concat(Array.from({ length: 16 }, () => tarEntry(paxEntry({ comment: 'c'.repeat(60_000) }, 'g')))),
  );
  return Buffer.concat([gzipSync(tarEntry(chartYamlEntry)), ...Array.from({ length: 120 }, () => header)]);
}
