import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { checkSchemas } from '../../../tasks/common/chart/schemas/check.ts';
import { visitSchemas } from '../../../tasks/common/chart/schemas/carried-charts.ts';
import { type FileContent, writeFiles } from '../../bench/write-files.ts';
import { tarOf } from './hostile-archive.ts';
import { refusalOf } from './refusal.ts';
import { ScratchFolder } from './scratch-folder.ts';

const remote = '{"$ref": "https://contoso.example/x.json"}';
const packed = (files: Readonly<Record<string, string | Buffer>>): Buffer =>
  gzipSync(tarOf(Object.entries(files).map(([name, body]) => ({ name, body }))));
const nested = packed({
  'outer/values.schema.json': '{}',
  'outer/charts/folder/values.schema.json': '{}',
  'outer/charts/inner-1.0.0.tgz': packed({ 'inner/values.schema.json': '{}' }),
  'outer/files/values.schema.json': remote,
  'outer/files/some.tgz': 'no archive at all',
});

describe('the values schemas of a chart', () => {
  const scratch = new ScratchFolder();

  function prepared(files: Record<string, FileContent>) {
    const folder = writeFiles(scratch.fresh('app'), files);
    const privateFolder = scratch.fresh('private');
    mkdirSync(privateFolder);
    const context = { privateFolder: () => privateFolder, signal: new AbortController().signal };
    return { folder, context, leftBehind: () => readdirSync(privateFolder) };
  }

  async function visited(files: Record<string, FileContent>): Promise<string[]> {
    const { folder, context, leftBehind } = prepared(files);
    const places: string[] = [];
    await visitSchemas(folder, context, (place) => void places.push(place));
    assert.deepEqual(leftBehind(), []);
    return places.sort();
  }

  const refusal = (files: Record<string, FileContent>, mayLeadToWeb = false) =>
    refusalOf(() => {
      const { folder, context } = prepared(files);
      return checkSchemas(folder, { input: 'allowSchemaReferences', value: mayLeadToWeb }, context);
    });

  it('are its own and those of all charts that it carries, in folders and packed', async () => {
    assert.deepEqual(
      await visited({
        'values.schema.json': '{}',
        'charts/near/values.schema.json': '{}',
        'charts/near/charts/deep/values.schema.json': '{}',
        'charts/near/charts/outer-1.0.0.tgz': nested,
        'charts/README.md': '',
        'charts/._outer-1.0.0.tgz': 'what macOS leaves beside an archive',
        'charts/_old/values.schema.json': remote,
        'files/values.schema.json': remote,
      }),
      [
        'charts/near/charts/deep/values.schema.json',
        'charts/near/charts/outer-1.0.0.tgz: outer/charts/folder/values.schema.json',
        'charts/near/charts/outer-1.0.0.tgz: outer/charts/inner-1.0.0.tgz: inner/values.schema.json',
        'charts/near/charts/outer-1.0.0.tgz: outer/values.schema.json',
        'charts/near/values.schema.json',
        'values.schema.json',
      ],
    );
  });

  it('are read once where links lead round in a circle', async () => {
    const files = {
      'charts/one/values.schema.json': '{}',
      'charts/one/charts/two': { link: '../../two' },
      'charts/two/charts/one': { link: '../../one' },
    };
    assert.deepEqual(await visited(files), ['charts/one/values.schema.json']);
  });

  it('are found in an archive that a link leads to', async () => {
    const files = {
      'vendor/a-1.0.0.tgz': packed({ 'a/values.schema.json': remote }),
      'charts/a-1.0.0.tgz': { link: '../vendor/a-1.0.0.tgz' },
    };
    assert.deepEqual(await visited(files), ['charts/a-1.0.0.tgz: a/values.schema.json']);
  });

  it('may not refer to the web: file and reference are named, and what to do', async () => {
    assert.equal(
      await refusal({ 'values.schema.json': remote }),
      'values.schema.json refers to "https://contoso.example/x.json" ($ref), which helm would fetch, here and wherever the ' +
        'chart is installed: put what it refers to into the schema, under "$defs", or set input allowSchemaReferences to ' +
        'true if it may.',
    );
    const inArchive = packed({ 'a/charts/b-1.0.0.tgz': packed({ 'b/values.schema.json': remote }) });
    assert.match(
      await refusal({ 'charts/a-1.0.0.tgz': inArchive }),
      /^charts\/a-1\.0\.0\.tgz: a\/charts\/b-1\.0\.0\.tgz: b\/values\.schema\.json refers to "https:\/\/contoso/,
    );
  });

  it('may refer to the web where the pipeline lets them, but never to files of the machine', async () => {
    const { folder, context } = prepared({ 'values.schema.json': remote });
    await checkSchemas(folder, { input: 'allowSchemaReferences', value: true }, context);
    assert.match(
      await refusal({ 'values.schema.json': '{"$ref": "file:///etc/passwd"}' }, true),
      /^values\.schema\.json refers to "file:\/\/\/etc\/passwd" \(\$ref\), which helm would look for outside of the chart/,
    );
  });

  for (const [what, files, reason] of [
    ['no JSON', { 'values.schema.json': '{' }, /^values\.schema\.json is not valid JSON/],
    ['other text than UTF-8', { 'values.schema.json': Buffer.from([0x22, 0xff, 0x22]) }, /is not UTF-8/],
    [
      'larger than helm loads',
      { 'values.schema.json': ' '.repeat(5 * 1024 * 1024 + 1) },
      /has more than the 5242880 bytes/,
    ],
    [
      'packed and larger than helm loads',
      { 'charts/a.tgz': packed({ 'a/values.schema.json': ' '.repeat(5 * 1024 * 1024 + 1) }) },
      /^charts\/a\.tgz: a\/values\.schema\.json is larger than 5 MiB/,
    ],
  ] as const) {
    it(`cannot be ${what}`, async () => {
      assert.match(await refusal(files), reason);
    });
  }

  it('may not be in more archives than anybody carries', async () => {
    const small = packed({ 'a/Chart.yaml': '' });
    const many = packed(Object.fromEntries([...Array(1500).keys()].map((n) => [`b/charts/a-${n}.tgz`, small])));
    const files = { 'charts/b-1.tgz': many, 'charts/b-2.tgz': many };
    assert.match(await refusal(files), /^charts\/b-2\.tgz: the chart carries more than 2000 packed charts/);
  });

  it('may not be in archives that unfold to more and more', async () => {
    const zeros = packed({ 'a/zeros': Buffer.alloc(60 * 1024 * 1024) });
    const files = Object.fromEntries(['1', '2', '3', '4', '5'].map((n) => [`charts/a-${n}.tgz`, zeros]));
    assert.match(await refusal(files), /a-5\.tgz" .*(more|larger|at most)/);
  });
});
