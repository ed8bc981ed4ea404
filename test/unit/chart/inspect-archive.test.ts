import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { inspectArchive } from '../../../tasks/common/chart/archive/inspect.ts';
import { chartWith, chartYaml, chartYamlEntry, paxEntry, tarEntry, tarOf, type RawEntry } from './hostile-archive.ts';
import { refusalOf } from './refusal.ts';
import { ScratchFolder } from './scratch-folder.ts';

describe('a chart archive', () => {
  const scratch = new ScratchFolder();
  const inspectYaml = (text: string, folder = 'app') =>
    inspect(gzipSync(tarOf([{ name: `${folder}/Chart.yaml`, body: text }])));
  const inspect = async (bytes: Uint8Array, limits = {}) => inspectArchive(await scratch.file(bytes), limits);

  it('is known by its digest, its metadata and the time of its Chart.yaml', async () => {
    const bytes = chartWith({ name: 'app/templates', type: '5' }, { name: 'app/templates/a.yaml', body: 'a: 1' });
    const { metadata, ...facts } = await inspect(bytes);
    assert.deepEqual(metadata, { apiVersion: 'v2', name: 'app', version: '1.2.3' });
    assert.deepEqual(facts, {
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      size: bytes.length,
      createdAt: new Date('2023-11-14T22:13:20Z'),
      entries: 3,
      unpackedBytes: chartYaml.length + 4,
    });
  });

  it('may come from other tar programs, with long names and padding', async () => {
    const tar = pack();
    tar.entry({ name: 'app/Chart.yaml', mtime: new Date(1_700_000_000_900) }, chartYaml);
    tar.entry({ name: `app/files/${'long-'.repeat(40)}grüße-你好.txt` }, 'x');
    tar.finalize();
    const { entries, createdAt } = await inspect(gzipSync(Buffer.concat([await buffer(tar), Buffer.alloc(9000)])));
    assert.equal(entries, 2);
    assert.equal(createdAt.getTime(), 1_700_000_000_000);
    const gnu = await inspect(
      chartWith({ name: '././@LongLink', type: 'L', body: `app/${'n'.repeat(200)}\0` }, { name: 'app/n' }),
    );
    assert.equal(gnu.entries, 2);
  });

  it('may be packed in several gzip members and carry the comment of a git archive', async () => {
    const tar = tarOf([paxEntry({ comment: '0123456789' }, 'g'), chartYamlEntry]);
    const { metadata } = await inspect(Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]));
    assert.equal(metadata.name, 'app');
  });

  it('is read as Helm reads it, requirements.yaml included', async () => {
    const v1 = 'apiVersion: v1\nname: app\nversion: 1.2.3\nappVersion: 1.10\n';
    const requirements = 'dependencies:\n- name: web\n  version: 1.x\n  repository: oci://contoso.azurecr.io/helm\n';
    const { metadata } = await inspect(
      gzipSync(
        tarOf([
          { name: 'app/Chart.yaml', body: v1 },
          { name: 'app/requirements.yaml', body: requirements },
        ]),
      ),
    );
    assert.equal(metadata.appVersion, '1.1');
    assert.deepEqual(metadata.dependencies, [
      { name: 'web', version: '1.x', repository: 'oci://contoso.azurecr.io/helm' },
    ]);
  });

  describe('is refused when it', () => {
    const good = chartWith({ name: 'app/values.yaml', body: 'a: 1\n' });
    const files: [string, Uint8Array, RegExp][] = [
      ['is empty', Buffer.alloc(0), /cut short or damaged \(the gzip data ends early\)/],
      ['is a plain tar', tarOf([chartYamlEntry]), /is not a gzip file/],
      ['is cut in the middle', good.subarray(0, good.length - 30), /gzip data ends early/],
      ['misses its last byte', good.subarray(0, good.length - 1), /gzip data ends early/],
      ['has a wrong checksum', changed(good, good.length - 6), /damaged \(gzip: incorrect data check\)/],
      ['has changed bytes', changed(good, 40), /damaged/],
      ['is followed by zeros', Buffer.concat([good, Buffer.alloc(20)]), /data follows the end of the gzip data/],
      ['is followed by other data', Buffer.concat([good, Buffer.from('PK')]), /damaged/],
      ['holds no tar', gzipSync('no tar at all'), /tar stream ends early/],
      ['holds something else than a tar', gzipSync(Buffer.alloc(5000, 'x')), /a tar header holds|wrong checksum/],
      ['holds an empty tar', gzipSync(tarOf([])), /holds no Chart\.yaml/],
      ['ends in a header', tarCutAt(1024 + 300), /tar stream ends early/],
      ['ends in a file', tarCutAt(1024 + 512 + 200), /tar stream ends early/],
      ['ends in the padding', tarCutAt(1024 + 512 + 700), /tar stream ends early/],
      ['has no end mark', tarCutAt(1024 + 512 + 1024), /tar stream ends early/],
      [
        'has data after its end mark',
        gzipSync(Buffer.concat([tarOf([chartYamlEntry]), tarEntry({ name: 'app/hidden' })])),
        /data follows the end of the tar/,
      ],
      ['ends after a pax header', chartWith(paxEntry({ path: 'app/x' })), /nothing follows an extended header/],
    ];
    for (const [problem, bytes, reason] of files) {
      it(problem, async () => assert.match(await refusalOf(() => inspect(bytes)), reason));
    }

    it('does not exist or is a folder', async () => {
      assert.match(await refusalOf(() => inspectArchive(scratch.fresh())), /does not exist/);
      const folder = scratch.fresh('folder.tgz');
      await mkdir(folder);
      assert.match(await refusalOf(() => inspectArchive(folder)), /is no regular file/);
    });
  });

  describe('is refused when it holds', () => {
    const x = 'x';
    const entries: [string, RawEntry[], RegExp][] = [
      ['an absolute path', [{ name: '/etc/passwd' }], /"\/etc\/passwd", which is an absolute path/],
      ['a way upwards', [{ name: 'app/../../evil' }], /has the part "\.\."/],
      ['a way upwards as a folder', [{ name: '../', type: '5' }], /has the part "\.\."/],
      ['a dot part', [{ name: './app/x' }], /has the part "\."/],
      ['a double slash', [{ name: 'app//x' }], /has an empty part/],
      ['a file that ends in a slash', [{ name: 'app/x/' }], /has an empty part/],
      ['a backslash', [{ name: 'app\\..\\..\\evil' }], /has a backslash/],
      ['a drive letter', [{ name: 'C:/evil' }], /starts with a drive letter/],
      ['a hidden stream', [{ name: 'app/x:evil' }], /has a colon/],
      [
        'a NUL in a pax name',
        [paxEntry({ path: 'app/a\0b' }), { name: x }],
        /"app\/a\\u\{0\}b", which has a control character/,
      ],
      ['a line end', [{ name: 'app/a\n##vso[task.complete]' }], /control character/],
      ['a name that is no UTF-8', [{ name: Buffer.from([0x61, 0x70, 0x70, 0x2f, 0xff]) }], /not UTF-8/],
      ['an empty name', [paxEntry({ path: '' }), { name: x }], /an empty name/],
      ['a device of Windows', [{ name: 'app/files/AUX.txt' }], /name of a device on Windows/],
      ['a trailing dot', [{ name: 'app/values.yaml.' }], /ends in a dot or a space/],
      ['a trailing space', [{ name: 'app/files /x' }], /ends in a dot or a space/],
      ['a name of 300 bytes', [paxEntry({ path: `app/${'n'.repeat(300)}` }), { name: x }], /longer than 255 bytes/],
      [
        'a path of 2000 bytes',
        [paxEntry({ path: `app/${'n/'.repeat(1000)}x` }), { name: x }],
        /longer than 1024 bytes/,
      ],
      [
        'a symbolic link',
        [{ name: 'app/x', type: '2', linkname: '/etc/passwd' }],
        /"app\/x", which is a symbolic link/,
      ],
      ['a hard link', [{ name: 'app/x', type: '1', linkname: 'app/Chart.yaml' }], /is a hard link/],
      ['a link with a long target', [{ name: '././@LongLink', type: 'K', body: '/etc/passwd\0' }], /is a link/],
      ['a character device', [{ name: 'app/x', type: '3' }], /is a character device/],
      ['a block device', [{ name: 'app/x', type: '4' }], /is a block device/],
      ['a pipe', [{ name: 'app/x', type: '6' }], /is a named pipe/],
      ['a sparse file', [{ name: 'app/x', type: 'S' }], /is a sparse file/],
      ['a sparse file by pax', [paxEntry({ 'GNU.sparse.major': '1' }), { name: 'app/x' }], /sparse file/],
      ['an unknown entry', [{ name: 'app/x', type: 'Z' }], /of the unknown type "Z"/],
      ['a file twice', [{ name: 'app/x' }, { name: 'app/x' }], /"app\/x" twice/],
      ['Chart.yaml twice', [chartYamlEntry], /"app\/Chart\.yaml" twice/],
      [
        'a folder twice',
        [
          { name: 'app/t/', type: '5' },
          { name: 'app/t', type: '5' },
        ],
        /"app\/t" twice/,
      ],
      ['files that differ in case', [{ name: 'app/a' }, { name: 'app/A' }], /one file on Windows and macOS/],
      ['folders that differ in case', [{ name: 'app/t/a' }, { name: 'app/T/b' }], /one file on Windows and macOS/],
      [
        'names that differ in Unicode form',
        [{ name: 'app/\u00fc' }, { name: 'app/u\u0308' }],
        /one file on Windows and macOS/,
      ],
      ['a file and a folder of one name', [{ name: 'app/a' }, { name: 'app/a/b' }], /also holds a file or folder/],
      ['a folder and a file of one name', [{ name: 'app/a/b' }, { name: 'app/a' }], /also holds a file or folder/],
      ['two top folders', [{ name: 'other/x' }], /more than one top folder: "app" and "other"/],
      ['a file outside of its folder', [{ name: 'app' }], /"app" outside of the chart's folder/],
      ['a folder with content', [{ name: 'app/t', type: '5', body: x }], /impossible size/],
      [
        'two names for one file',
        [paxEntry({ path: 'app/a' }), paxEntry({ path: 'app/b' }), { name: x }],
        /two extended headers/,
      ],
      ['global pax settings', [paxEntry({ path: 'app/a' }, 'g')], /global pax header/],
      [
        'a malformed pax header',
        [{ name: x, type: 'x', body: '99 path=app/x\n' }, { name: x }],
        /pax header is malformed/,
      ],
      ['an impossible pax size', [paxEntry({ size: '-1' }), { name: 'app/x' }], /impossible size/],
      ['a pax header of 70 kB', [paxEntry({ path: `app/${'n'.repeat(70_000)}` }), { name: x }], /more than 64 kB/],
      ['a claimed pax header of 8 GB', [{ name: x, type: 'x', size: 8 ** 11 - 1 }], /more than 64 kB/],
      ['a long name of 70 kB', [{ name: x, type: 'L', body: 'n'.repeat(70_000) }, { name: x }], /more than 64 kB/],
      ['a claimed file of 8 GB', [{ name: 'app/x', size: 8 ** 11 - 1 }], /"app\/x" of 8589934591 bytes/],
      [
        'a claimed huge file by pax',
        [paxEntry({ size: '99999999999999' }), { name: 'app/x' }],
        /of 99999999999999 bytes/,
      ],
    ];
    for (const [problem, hostile, reason] of entries) {
      it(problem, async () => {
        const message = await refusalOf(() => inspect(chartWith(...hostile)));
        assert.match(message, /^The chart archive "/);
        assert.match(message, reason);
      });
    }
  });

  describe('must hold the chart that its folder names:', () => {
    it('one Chart.yaml at the top', async () => {
      const deeper = gzipSync(tarOf([{ name: 'app/charts/sub/Chart.yaml', body: chartYaml }]));
      assert.match(await refusalOf(() => inspect(deeper)), /holds no Chart\.yaml in its top folder/);
    });
    it('of the same name', async () => {
      assert.match(
        await refusalOf(() => inspectYaml(chartYaml, 'other')),
        /folder "other", but the chart in it is named "app"/,
      );
    });
    it('with a usable version', async () => {
      assert.match(
        await refusalOf(() => inspectYaml(chartYaml.replace('1.2.3', 'latest'))),
        /archive ".*": The version.*"latest", which is not a SemVer 2 version/,
      );
    });
    it('of at most 1 MiB', async () => {
      assert.match(await refusalOf(() => inspectYaml(`${chartYaml}# ${'x'.repeat(2 ** 20)}`)), /of more than 1 MiB/);
    });
    it('from a time that can be written', async () => {
      const late = gzipSync(tarOf([paxEntry({ mtime: '999999999999999' }), chartYamlEntry]));
      assert.match(await refusalOf(() => inspect(late)), /impossible modification time/);
    });
  });

  describe('is refused beyond its limits:', () => {
    it('unpacked bytes', async () => {
      const archive = chartWith(
        { name: 'app/a', body: Buffer.alloc(3000) },
        { name: 'app/b', body: Buffer.alloc(3000) },
      );
      await inspect(archive, { maxUnpackedBytes: 10_000 });
      assert.match(
        await refusalOf(() => inspect(archive, { maxUnpackedBytes: 7000 })),
        /unpacks to more than the allowed 7000 bytes/,
      );
    });
    it('bytes of one file', async () => {
      const archive = chartWith({ name: 'app/a', body: Buffer.alloc(100_000) });
      assert.match(
        await refusalOf(() => inspect(archive, { maxUnpackedBytes: 50_000 })),
        /"app\/a" of 100000 bytes, at most 50000/,
      );
    });
    it('files and folders', async () => {
      const archive = chartWith({ name: 'app/a/b/c' }, { name: 'app/a/b/d' });
      await inspect(archive, { maxEntries: 6 });
      assert.match(await refusalOf(() => inspect(archive, { maxEntries: 5 })), /more than 5 files and folders/);
    });
  });
});

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
}

/** An archive whose tar stream ends after so many bytes: 1024 of Chart.yaml, 512 of a header, 1024 of its file. */
function tarCutAt(end: number): Buffer {
  const tar = Buffer.concat([tarEntry(chartYamlEntry), tarEntry({ name: 'app/a', body: 'x'.repeat(600) })]);
  return gzipSync(tar.subarray(0, end));
}
