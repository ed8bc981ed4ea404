import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addToCache, findInCache } from '../../../tasks/common/tools/cache.ts';
import { explainDisk } from '../../../tasks/common/tools/errors.ts';
import { workbench, type Workbench } from './workbench.ts';

const key = { tool: 'helm', version: '4.1.4', cpu: 'x64', executable: 'helm' };
const place = 'helm-delivery-helm/4.1.4/x64';

const said = (code: string): string | undefined =>
  explainDisk(Object.assign(new Error(code), { code }), '/opt/tools')?.message;

describe('The tool cache', () => {
  let bench: Workbench;
  let file: string;
  beforeEach(async () => {
    bench = await workbench();
    file = path.join(bench.scratch, 'helm.unpacked');
    await writeFile(file, 'helm');
  });
  afterEach(() => bench.close());

  it('gives back what was put in', async () => {
    assert.equal(findInCache(key), undefined);

    const added = await addToCache(file, key, bench.context);

    assert.equal(added, path.join(bench.cache, place, 'helm'));
    assert.equal(findInCache(key), added);
    assert.equal(await readFile(added, 'utf8'), 'helm');
    assert.deepEqual(await bench.cached(), [`${place}.complete`, `${place}/helm`]);
    if (process.platform === 'win32') return;
    for (const each of [added, path.dirname(added)]) assert.equal((await stat(each)).mode & 0o777, 0o755);
  });

  it('does not count a copy without its mark', async () => {
    await mkdir(path.join(bench.cache, place), { recursive: true });
    await writeFile(path.join(bench.cache, place, 'helm'), 'he');

    assert.equal(findInCache(key), undefined);
  });

  it('replaces half a copy that a killed job left', async () => {
    await mkdir(path.join(bench.cache, place), { recursive: true });
    await writeFile(path.join(bench.cache, place, 'helm'), 'he');

    const added = await addToCache(file, key, bench.context);

    assert.equal(await readFile(added, 'utf8'), 'helm');
    assert.deepEqual(await bench.cached(), [`${place}.complete`, `${place}/helm`]);
  });

  it('leaves a whole copy where it is, since another job may be running it', async () => {
    const first = await addToCache(file, key, bench.context);
    const { ino } = await stat(first);

    await addToCache(file, key, bench.context);

    assert.equal((await stat(first)).ino, ino);
  });

  it('takes the same tool from many at once, and every one finds it whole', async () => {
    const jobs = Array.from({ length: 8 }, async () => {
      const added = await addToCache(file, key, bench.context);
      return readFile(added, 'utf8');
    });

    assert.deepEqual(
      await Promise.all(jobs),
      Array.from({ length: 8 }, () => 'helm'),
    );
    assert.deepEqual(await bench.cached(), [`${place}.complete`, `${place}/helm`]);
  });

  it('keeps nothing when the copy fails', async () => {
    await assert.rejects(addToCache(path.join(bench.scratch, 'missing'), key, bench.context), /ENOENT/);

    assert.deepEqual(await bench.cached(), []);
    assert.equal(findInCache(key), undefined);
  });

  it('says what to do about a disk that takes nothing', () => {
    assert.equal(said('ENOSPC'), 'Cannot write to /opt/tools (ENOSPC): the disk is full: make room there.');
    assert.match(said('EACCES') ?? '', /\(EACCES\): the agent's user may not write there/);
    assert.equal(said('ECONNRESET'), undefined);
  });
});
