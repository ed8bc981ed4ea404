import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackArchive } from '../../../tasks/common/chart/archive/unpack.ts';
import { chartWith, tarOf, type RawEntry } from './hostile-archive.ts';
import { refusalOf } from './refusal.ts';
import { ScratchFolder } from './scratch-folder.ts';

describe('unpacking a chart archive', () => {
  const scratch = new ScratchFolder();
  const archiveOf = (...entries: RawEntry[]) => scratch.file(chartWith(...entries));

  it('gives the chart in a folder of its name', async () => {
    const archive = await archiveOf(
      { name: 'app/templates/a.yaml', body: 'a: 1' },
      { name: 'app/files/run.sh', body: '#', mode: 0o4777 },
    );
    const destination = scratch.fresh('new/destination');
    assert.equal(await unpackArchive(archive, destination), path.join(destination, 'app'));
    const { 'app/Chart.yaml': chartYaml, ...others } = await contentsOf(destination);
    assert.match(chartYaml ?? '', /name: app/);
    assert.deepEqual(others, { 'app/templates/a.yaml': 'a: 1', 'app/files/run.sh': '#' });
    if (process.platform !== 'win32') {
      assert.equal((await stat(path.join(destination, 'app/files/run.sh'))).mode & 0o7111, 0);
    }
  });

  it('leaves out what a git in the folder would act on', async () => {
    const config = { name: 'app/.git/config', body: '[core]\n\tfsmonitor = touch /tmp/it-ran\n' };
    const archive = await archiveOf(
      config,
      { name: 'app/charts/x/.GIT', body: 'gitdir: /x' },
      { name: 'app/.gitignore' },
    );
    const destination = scratch.fresh('destination');
    await unpackArchive(archive, destination);
    const { 'app/Chart.yaml': _, ...others } = await contentsOf(destination);
    assert.deepEqual(others, { 'app/.gitignore': '' });
  });

  it('replaces an earlier version of the chart as a whole', async () => {
    const destination = scratch.fresh('destination');
    await unpackArchive(await archiveOf({ name: 'app/old', body: 'old' }), destination);
    await writeFile(path.join(destination, 'neighbour'), 'stays');
    await unpackArchive(await archiveOf({ name: 'app/new', body: 'new' }), destination);
    const { 'app/Chart.yaml': _, ...others } = await contentsOf(destination);
    assert.deepEqual(others, { 'app/new': 'new', neighbour: 'stays' });
  });

  it('can be repeated for a chart that Helm takes and a careful author would not write', async () => {
    const careless = 'apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: 1.10\n';
    const archive = await scratch.file(gzipSync(tarOf([{ name: 'app/Chart.yaml', body: careless }])));
    const destination = scratch.fresh('destination');
    await unpackArchive(archive, destination);
    await unpackArchive(archive, destination);
    assert.deepEqual(await contentsOf(destination), { 'app/Chart.yaml': careless });
  });

  it('writes nothing when anything in the archive is refused, even its last entry', async () => {
    const destination = scratch.fresh('destination');
    const hostile = await archiveOf({ name: 'app/good', body: 'x' }, { name: 'app/../../evil', body: 'x' });
    assert.match(await refusalOf(() => unpackArchive(hostile, destination)), /"\.\."/);
    await assert.rejects(stat(destination));
    const large = await archiveOf({ name: 'app/a', body: Buffer.alloc(100_000) });
    assert.match(
      await refusalOf(() => unpackArchive(large, destination, { maxUnpackedBytes: 50_000 })),
      /at most 50000/,
    );
    await assert.rejects(stat(destination));
  });

  for (const [what, place, reason] of [
    ['a folder without a chart', (at: string) => mkdir(at), /does not hold the chart "app"/],
    ['a file', (at: string) => writeFile(at, 'precious'), /a file or link is in its place/],
    [
      'another chart',
      async (at: string) => {
        await mkdir(at);
        await writeFile(path.join(at, 'Chart.yaml'), 'apiVersion: v2\nname: other\nversion: 1.0.0\n');
      },
      /does not hold the chart "app"/,
    ],
  ] as const) {
    it(`leaves ${what} alone that is in its place`, async () => {
      const destination = scratch.fresh('destination');
      await mkdir(destination);
      await place(path.join(destination, 'app'));
      const before = await contentsOf(destination);
      assert.match(await refusalOf(async () => unpackArchive(await archiveOf(), destination)), reason);
      assert.deepEqual(await contentsOf(destination), before);
    });
  }

  it('follows no link in the place of the chart', async () => {
    const destination = scratch.fresh('destination');
    const outside = scratch.fresh('outside');
    await unpackArchive(await archiveOf({ name: 'app/precious', body: 'x' }), outside);
    await mkdir(destination);
    await symlink(path.join(outside, 'app'), path.join(destination, 'app'), 'junction');
    assert.match(await refusalOf(async () => unpackArchive(await archiveOf(), destination)), /a file or link/);
    assert.deepEqual(Object.keys(await contentsOf(outside)).sort(), ['app/Chart.yaml', 'app/precious']);
  });

  it('needs a folder as destination', async () => {
    const file = await scratch.file('x');
    assert.match(await refusalOf(async () => unpackArchive(await archiveOf(), file)), /because that is a file/);
    assert.match(
      await refusalOf(async () => unpackArchive(await archiveOf(), path.join(file, 'deeper'))),
      /because that is a file/,
    );
  });
});

/** The text of every file below the folder. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = files.map(async (file) => [
    path.relative(folder, file).replaceAll('\\', '/'),
    await readFile(file, 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(contents));
}
