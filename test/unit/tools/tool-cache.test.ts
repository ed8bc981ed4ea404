import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, symlinkSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zipSync } from 'fflate';
import { addToCache, type CachedTool, findInCache } from '../../../tasks/common/tools/cache.ts';
import { toolDefinitions } from '../../../tasks/common/tools/definitions.ts';
import { explainDisk } from '../../../tasks/common/tools/errors.ts';
import { cacheFolder, workbench, type Workbench } from './workbench.ts';

const program = Buffer.from('#!/bin/sh\necho v0.2.19\n'.repeat(1000));
const archive = Buffer.from(zipSync({ 'bin/linux_amd64/kubelogin': program, LICENSE: Buffer.from('MIT') }));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const platform = { os: 'linux', cpu: 'x64' } as const;

/** A tool whose vendor's file has these bytes. */
function toolOf(name: 'kubelogin' | 'kubectl', version: string, bytes: Buffer): CachedTool {
  const asset = toolDefinitions[name].asset(version, platform);
  return { tool: name, version, cpu: 'x64', asset, checksum: sha256(bytes), maxExecutableBytes: 1_000_000 };
}

const packed = toolOf('kubelogin', '0.2.19', archive);
const bare = toolOf('kubectl', '1.36.3', program);
const placeOf = ({ tool, version, checksum }: CachedTool): string =>
  `${cacheFolder}/${tool}/${version}/x64-${checksum.slice(0, 16)}`;
const place = placeOf(packed);
const zip = 'kubelogin-linux-amd64.zip';

const said = (code: string): string | undefined =>
  explainDisk(Object.assign(new Error(code), { code }), '/opt/tools')?.message;

const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o7777).toString(8);

describe('The tool cache', () => {
  let bench: Workbench;
  const umask = process.umask();
  beforeEach(async () => {
    bench = await workbench();
  });
  afterEach(async () => {
    process.umask(umask);
    await bench.close();
  });

  const inCache = (...names: string[]): string => path.join(bench.cache, ...names);
  const find = (tool = packed): Promise<string | undefined> => findInCache(tool, bench.context);
  async function add(tool = packed, bytes = archive): Promise<string> {
    const file = path.join(bench.scratch, `${crypto.randomUUID()}.download`);
    await writeFile(file, bytes);
    return addToCache(file, tool, bench.context);
  }

  it('removes what a killed job left half done days ago, and nothing younger', async () => {
    const version = path.dirname(await add());
    const [old, young] = [path.join(version, '../.new-aaaaaa'), path.join(version, '../.new-bbbbbb')];
    for (const folder of [old, young]) {
      await mkdir(folder);
      await writeFile(path.join(folder, 'kubelogin'), program);
    }
    await utimes(old, 0, 0);
    await rm(version, { recursive: true });
    await add();
    await assert.rejects(stat(old), { code: 'ENOENT' });
    assert.ok((await stat(young)).isDirectory());
  });

  it('gives back what was put in, packed or not', async () => {
    assert.equal(await find(), undefined);

    const added = await add();

    assert.equal(added, inCache(place, 'kubelogin'));
    assert.equal(await find(), added);
    assert.deepEqual(await readFile(added), program);
    assert.deepEqual(await bench.cached(), [`${place}/kubelogin`, `${place}/${zip}`]);

    const other = await add(bare, program);

    assert.equal(await find(bare), other);
    assert.deepEqual(await bench.cached(), [`${placeOf(bare)}/kubectl`, `${place}/kubelogin`, `${place}/${zip}`]);
    assert.deepEqual(bench.logged, []);
  });

  for (const mask of [0o000, 0o077]) {
    it(`is writable for its owner alone and readable for all under umask ${mask.toString(8)}`, async function () {
      if (process.platform === 'win32') this.skip();
      process.umask(mask);
      await rm(bench.cache, { recursive: true });

      await Promise.all([add(), add(bare, program)]);

      const levels = place.split('/').map((_, depth, names) => names.slice(0, depth + 1).join('/'));
      // The folder that the agent gives is made only where there is none, and is its own.
      const cache = mask === 0 ? [''] : [];
      for (const each of [...cache, ...levels, `${place}/kubelogin`, `${placeOf(bare)}/kubectl`]) {
        assert.equal(await modeOf(inCache(each)), '755', each);
      }
      assert.equal(await modeOf(inCache(place, zip)), '644');
      assert.equal(await find(), inCache(place, 'kubelogin'));
    });
  }

  it('does not give what one source has to somebody who trusts another', async () => {
    const other = Buffer.from(zipSync({ 'bin/linux_amd64/kubelogin': Buffer.from('#!/bin/sh\necho evil\n') }));
    const theirs = await add(toolOf('kubelogin', '0.2.19', other), other);

    assert.equal(await find(), undefined);
    const ours = await add();

    assert.notEqual(path.dirname(ours), path.dirname(theirs));
    assert.deepEqual(await readFile(ours), program);
  });

  const executable = (): string => inCache(place, 'kubelogin');
  const damages: readonly [string, () => Promise<unknown>, RegExp][] = [
    [
      'is changed',
      () => writeFile(executable(), Buffer.from(program).fill(65, 9, 10)),
      /kubelogin in it is not the one/,
    ],
    ['is empty', () => writeFile(executable(), ''), /kubelogin in it is not the one that was packed/],
    ['is cut', () => truncate(executable(), 1000), /kubelogin in it is not the one that was packed/],
    ['is longer', () => writeFile(executable(), Buffer.concat([program, program])), /is not the one that was packed/],
    ['is missing', () => rm(executable()), /it cannot be read \(ENOENT/],
    ['is a folder', async () => (await rm(executable()), mkdir(executable())), /kubelogin in it is no regular file/],
    [
      'is a link to the same',
      async () => (await rename(executable(), inCache('aside')), symlinkSync(inCache('aside'), executable())),
      /kubelogin in it is a link/,
    ],
    ['may be written by all', () => chmod(executable(), 0o777), /kubelogin has the mode 777, not 755/],
    ['lends its rights', () => chmod(executable(), 0o4755), /kubelogin has the mode 4755, not 755/],
    ['cannot be run', () => chmod(executable(), 0o644), /kubelogin has the mode 644, not 755/],
    [
      'has another file as its archive',
      () => writeFile(inCache(place, zip), 'PK'),
      /\.zip in it has the SHA-256 \w+, not/,
    ],
    ['has no archive', () => rm(inCache(place, zip)), /it cannot be read \(ENOENT/],
    ['lies in a folder of all', () => chmod(inCache(place), 0o777), /the folder has the mode 777, not 755/],
    [
      'lies in a link',
      async () => (await rename(inCache(place), inCache('aside')), symlinkSync(inCache('aside'), inCache(place))),
      /it is no folder, or a link to one/,
    ],
    [
      'stands on a file',
      async () => (await rm(inCache(place), { recursive: true }), writeFile(inCache(place), '')),
      /it is no folder/,
    ],
  ];
  for (const [what, damage, because] of damages) {
    it(`installs beside a copy that ${what}, and says why`, async function () {
      if (process.platform === 'win32') this.skip();
      await add();
      await damage();

      assert.equal(await find(), undefined);
      assert.match(bench.logged.join('\n'), because);
      assert.ok(
        bench.logged.join('\n').startsWith(`${inCache(place)} in the tool cache is not used and left alone, since`),
      );
      const added = await add();

      assert.equal(added, inCache(`${place}-2`, 'kubelogin'));
      assert.deepEqual(await readFile(added), program);
      assert.equal(await find(), added);
    });
  }

  it('installs beside a copy of another user', async function () {
    if (process.getuid?.() !== 0) this.skip();
    chownSync(await add(), 65_534, 65_534);

    assert.equal(await find(), undefined);
    assert.match(bench.logged.join(), /kubelogin belongs to the user with the id 65534/);
  });

  it('does not trust what lies in the place of a bare executable, marks and all', async () => {
    await add(bare, program);
    const place2 = inCache(placeOf(bare));
    await writeFile(path.join(place2, 'kubectl'), 'changed');
    for (const mark of [`${place2}.complete`, path.join(place2, 'kubectl.sha256')]) {
      await writeFile(mark, sha256(Buffer.from('changed')));
    }

    assert.equal(await find(bare), undefined);
    assert.match(bench.logged.join(), /kubectl in it has the SHA-256 \w{64}, not \w{64}/);
  });

  it('keeps going when copy after copy is damaged, without keeping them all', async () => {
    for (let round = 0; round < 6; round += 1) {
      assert.equal(await find(), undefined);
      const added = await add();
      assert.equal(await find(), added);
      await writeFile(added, 'damaged');
    }
    assert.equal((await bench.cached()).length, 2 * 4);
  });

  it('refuses a level of the cache that is not its own', async function () {
    if (process.platform === 'win32') this.skip();
    await mkdir(path.join(bench.scratch, 'elsewhere'));
    symlinkSync(path.join(bench.scratch, 'elsewhere'), inCache(cacheFolder));

    const refusal = { name: 'TaskError', message: /is a link or no folder of the agent's user: remove it, or give/ };
    await assert.rejects(find(), refusal);
    await assert.rejects(add(), refusal);
  });

  it('closes a level that was open to all', async function () {
    if (process.platform === 'win32') this.skip();
    await add();
    chmodSync(inCache(cacheFolder), 0o777);

    assert.equal(await find(), executable());
    assert.equal(await modeOf(inCache(cacheFolder)), '755');
  });

  it('leaves a whole copy where it is, since another job may be running it', async () => {
    const { ino } = await stat(await add());

    assert.equal((await stat(await add())).ino, ino);
  });

  it('takes the same tool from many at once, and every one finds it whole', async () => {
    const jobs = Array.from({ length: 8 }, async () => readFile(await add()));

    for (const bytes of await Promise.all(jobs)) assert.deepEqual(bytes, program);
    assert.deepEqual(await bench.cached(), [`${place}/kubelogin`, `${place}/${zip}`]);
  });

  it('keeps nothing of a file that is missing or damaged', async () => {
    await assert.rejects(addToCache(path.join(bench.scratch, 'missing'), packed, bench.context), /ENOENT/);
    await assert.rejects(
      add(packed, archive.subarray(0, archive.length / 2)),
      /kubelogin-linux-amd64\.zip cannot be unpacked/,
    );

    assert.deepEqual(await bench.cached(), []);
    assert.equal(await find(), undefined);
  });

  it('says what to do about a disk that takes nothing', () => {
    assert.equal(said('ENOSPC'), 'Cannot write to /opt/tools (ENOSPC): the disk is full: make room there.');
    assert.match(said('EACCES') ?? '', /\(EACCES\): the agent's user may not write there/);
    assert.equal(said('ECONNRESET'), undefined);
  });
});
