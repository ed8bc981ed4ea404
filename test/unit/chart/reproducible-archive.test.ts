import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import { inspectArchive } from '../../../tasks/common/chart/archive/inspect.ts';
import { makeReproducible, type ReproducibleOptions } from '../../../tasks/common/chart/archive/reproducible.ts';
import { chartWith, chartYaml, chartYamlEntry, paxEntry, tarOf, type RawEntry } from './hostile-archive.ts';
import { refusalOf } from './refusal.ts';
import { ScratchFolder } from './scratch-folder.ts';

const time = new Date('2026-01-15T09:30:00Z');
const lock = (generated: string) => `dependencies: []\ndigest: sha256:0\ngenerated: "${generated}"\n`;

describe('a reproducible archive', () => {
  const scratch = new ScratchFolder();

  async function remade(archive: Uint8Array, at = time, options: ReproducibleOptions = {}): Promise<Buffer> {
    const target = scratch.fresh();
    const { digest, size } = await makeReproducible(await scratch.file(archive), target, at, options);
    const bytes = await readFile(target);
    assert.equal(bytes.length, size);
    assert.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, digest);
    return bytes;
  }

  it('has plain headers, Chart.yaml first and then the order of names', async () => {
    const names = [
      'app/values.yaml',
      'app/templates/b.yaml',
      'app/Z',
      'app/.helmignore',
      'app/größe',
      'app/charts/sub/Chart.yaml',
    ];
    const archive = gzipSync(
      tarOf([
        ...names.map((name) => ({ name, body: name, mode: 0o755, uid: 1000, mtime: 77 })),
        { name: 'app/charts', type: '5' },
        chartYamlEntry,
      ]),
    );
    const entries = await entriesOf(await remade(archive));
    assert.deepEqual(
      entries.map(({ header }) => header.name),
      [
        'app/Chart.yaml',
        'app/.helmignore',
        'app/Z',
        'app/charts/sub/Chart.yaml',
        'app/größe',
        'app/templates/b.yaml',
        'app/values.yaml',
      ],
    );
    for (const { header, content } of entries) {
      const { mode, uid, gid, uname, gname, mtime, type } = header;
      assert.deepEqual(
        { mode, uid, gid, uname, gname, mtime, type },
        { mode: 0o644, uid: 0, gid: 0, uname: '', gname: '', mtime: time, type: 'file' },
      );
      assert.equal(content.toString(), header.name === 'app/Chart.yaml' ? chartYaml : header.name);
    }
  });

  it('has a gzip header that tells nothing about machine and time', async () => {
    assert.equal((await remade(chartWith())).subarray(0, 10).toString('hex'), '1f8b0800000000000003');
  });

  it('has, for a known chart, bytes that no version of this project may change', async () => {
    const bytes = await remade(
      chartWith({ name: `app/${'long/'.repeat(30)}name`, body: 'text '.repeat(30_000) }, { name: 'app/ü' }),
    );
    assert.equal(
      createHash('sha256').update(bytes).digest('hex'),
      '6b0bbcb7baabd79b676952c91b66b5f2c1d70c00b3f144dfd98ae9d084ac4947',
    );
  });

  it('carries the given time, also as the time of the file', async () => {
    const target = scratch.fresh();
    await makeReproducible(await scratch.file(chartWith()), target, new Date('2001-02-03T04:05:06.789Z'));
    assert.equal((await stat(target)).mtime.toISOString(), '2001-02-03T04:05:06.789Z');
    assert.equal((await inspectArchive(target)).createdAt.toISOString(), '2001-02-03T04:05:06.000Z');
    for (const impossible of [new Date(-1000), new Date('2300-01-01'), new Date(Number.NaN)]) {
      assert.match(await refusalOf(() => remade(chartWith(), impossible)), /from 1970 to 2242/);
    }
  });

  it('gets the given time into a lock file of this packaging, and keeps any other', async () => {
    const entries = (generated: string) => [
      { name: 'app/Chart.lock', body: lock(generated) },
      { name: 'app/charts/sub/Chart.lock', body: lock('2020-02-02T02:02:02Z') },
    ];
    const [one, other] = ['2026-11-23T06:07:45.11881581Z', '2026-11-24T01:00:00.5+02:00'];
    const lockIsNew = { lockIsNew: true };
    const bytes = await remade(chartWith(...entries(one)), time, lockIsNew);
    assert.deepEqual(bytes, await remade(chartWith(...entries(other)), time, lockIsNew));
    assert.notDeepEqual(await remade(chartWith(...entries(one))), await remade(chartWith(...entries(other))));
    const contents = (await entriesOf(bytes)).map(({ content }) => content.toString());
    assert.deepEqual(contents.slice(1), [lock('2026-01-15T09:30:00Z'), lock('2020-02-02T02:02:02Z')]);
  });

  it('leaves nothing else behind, also when the source is refused', async () => {
    const source = await scratch.file(chartWith({ name: 'app/x', type: '2' }));
    const target = path.join(path.dirname(source), 'never.tgz');
    assert.match(await refusalOf(() => makeReproducible(source, target, time)), /symbolic link/);
    const left = await readdir(path.dirname(source));
    assert.deepEqual(
      left.filter((name) => name.startsWith('.') || name === 'never.tgz'),
      [],
    );
  });

  it('replaces an older file of its name', async () => {
    const target = await scratch.file('older');
    await makeReproducible(await scratch.file(chartWith()), target, time);
    assert.equal((await inspectArchive(target)).metadata.name, 'app');
  });

  const part = fc.stringMatching(/^[a-zäß你😀_-]{1,80}$/u);
  const files = fc.uniqueArray(
    fc.record({
      name: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `app/${parts.join('/')}.txt`),
      body: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      uid: fc.nat(1000),
      mtime: fc.nat(2_000_000_000),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  );

  it('depends on nothing but names and contents, and stays as it is when remade', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(2_000_000_000), fc.boolean(), async (entries, mtime, last) => {
        const first = await remade(gzipSync(tarOf([chartYamlEntry, ...named(entries)])));
        const plain = entries.map(({ name, body }) => ({ name, body, mtime }));
        const turned = named(plain.toReversed());
        const second = last ? [...turned, chartYamlEntry] : [chartYamlEntry, ...turned];
        assert.deepEqual(await remade(gzipSync(tarOf(second), { level: 1 })), first);
        assert.deepEqual(await remade(first), first);
        const found = (await entriesOf(first)).slice(1);
        const contents = found.map(({ header, content }) => [header.name, content.toString('hex')] as const);
        assert.deepEqual(new Map(contents), new Map(entries.map(({ name, body }) => [name, body.toString('hex')])));
      }),
      { numRuns: 40 },
    );
  });

  it('unpacks to what went in, at every size around the blocks of tar and gzip', async () => {
    const sizes = [0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 98_304, 131_072, 1_000_003];
    const noise = Buffer.from(Array.from({ length: 1_000_003 }, (_, n) => (Math.imul(n, 2_654_435_761) >>> 13) & 0xff));
    for (const size of sizes) {
      for (const body of [noise.subarray(0, size), Buffer.alloc(size, 'abc')]) {
        const [, entry] = await entriesOf(await remade(chartWith({ name: 'app/x', body })));
        assert.ok(entry?.content.equals(body), `${size} bytes`);
      }
    }
  });

  it('cannot be made where the target folder does not exist', async () => {
    const source = await scratch.file(chartWith());
    await assert.rejects(makeReproducible(source, path.join(scratch.fresh('no'), 'x.tgz'), time), /ENOENT/);
  });
});

interface FoundEntry {
  header: Header;
  content: Buffer;
}

/** What an independent tar reader finds. */
async function entriesOf(archive: Buffer): Promise<FoundEntry[]> {
  const tar = extract();
  tar.end(gunzipSync(archive));
  const entries: FoundEntry[] = [];
  for await (const entry of tar) entries.push({ header: entry.header, content: await buffer(entry) });
  return entries;
}

/** The entries with their names in pax headers, which any name fits. */
function named(entries: RawEntry[]): RawEntry[] {
  return entries.flatMap((entry) => [paxEntry({ path: String(entry.name) }), entry]);
}
