import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readChartFolder } from '../../../tasks/common/chart/metadata/folder.ts';
import { refusalOf } from './refusal.ts';
import { ScratchFolder } from './scratch-folder.ts';

const lfsPointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
const good = 'apiVersion: v2\nname: app\nversion: 1.2.3\n';

describe('the folder of a chart', () => {
  const scratch = new ScratchFolder();

  async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
    const folder = scratch.fresh('folder');
    await mkdir(folder);
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
    return folder;
  }

  const read = async (chartYaml: string | Uint8Array) => readChartFolder(await folderWith({ 'Chart.yaml': chartYaml }));

  it('gives the metadata of its Chart.yaml', async () => {
    const metadata = await read(`${good}type: application
appVersion: 1.16
description: |
  Two
  lines
keywords: []
home:
deprecated: false
maintainers:
  - {name: Contoso Web, email: web@contoso.example}
annotations: {ticket: 17, note: "yes"}
dependencies:
  - name: contoso-common
    version: ^1.0.0
    repository: oci://contoso.azurecr.io/helm
    import-values: [data, {child: a, parent: b}]
futureField: {any: [thing]}
`);
    assert.deepEqual(metadata, {
      apiVersion: 'v2',
      name: 'app',
      version: '1.2.3',
      type: 'application',
      appVersion: '1.16',
      description: 'Two lines ',
      maintainers: [{ name: 'Contoso Web', email: 'web@contoso.example' }],
      annotations: { ticket: '17', note: 'yes' },
      dependencies: [
        {
          name: 'contoso-common',
          version: '^1.0.0',
          repository: 'oci://contoso.azurecr.io/helm',
          'import-values': ['data', { child: 'a', parent: 'b' }],
        },
      ],
    });
  });

  it('may hold an old chart, whose dependencies stand in requirements.yaml', async () => {
    const folder = await folderWith({
      'Chart.yaml': good.replace('v2', 'v1'),
      'requirements.yaml':
        'dependencies:\n- {name: web, version: 1.0.0, repository: "https://charts.contoso.example"}\n',
    });
    const { dependencies } = await readChartFolder(folder);
    assert.deepEqual(dependencies, [{ name: 'web', version: '1.0.0', repository: 'https://charts.contoso.example' }]);
  });

  it('may have a byte order mark and Windows line ends in its Chart.yaml', async () => {
    assert.equal((await read(`\ufeff${good.replaceAll('\n', '\r\n')}`)).name, 'app');
  });

  it('may have a Chart.yaml that ends with the mark of a document without one', async () => {
    assert.equal((await read(`---\n${good}---\n# nothing\n`)).name, 'app');
  });

  it('must exist, be a folder and hold a Chart.yaml', async () => {
    assert.match(await refusalOf(() => readChartFolder(scratch.fresh('nothing'))), /does not exist/);
    const file = await scratch.file('x');
    assert.match(await refusalOf(() => readChartFolder(file)), /is not a folder/);
    assert.match(await refusalOf(() => readChartFolder(path.join(file, 'deeper'))), /does not exist/);
    const empty = await folderWith({ 'chart.yaml.txt': good });
    assert.match(await refusalOf(() => readChartFolder(empty)), /holds no Chart\.yaml/);
    const odd = await folderWith({});
    await mkdir(path.join(odd, 'Chart.yaml'));
    assert.match(await refusalOf(() => readChartFolder(odd)), /is no regular file/);
  });

  for (const [problem, chartYaml, reason] of [
    ['broken YAML', 'apiVersion: v2\nname: [app\n', /Chart\.yaml, line 3, column 1: this is not valid YAML/],
    ['a tab as indentation', 'apiVersion: v2\nmaintainers:\n\t- name: x\n', /line 3, column 1: this is not valid YAML/],
    ['a second document', `${good}---\n${good}`, /line 4, column 1: a second YAML document begins here, .* remove it/],
    ['a third document', `${good}---\n---\na: b\n`, /line 5, column 1: a second YAML document begins here/],
    [
      'a pointer of Git LFS in its place',
      lfsPointer,
      /^Chart\.yaml is a Git LFS pointer, not the file itself: .* lfs: true/,
    ],
    ['nothing', '', /it is empty/],
    ['a list', '- a\n', /it is a list/],
    ['a text', 'just text', /it is a single text/],
    ['a key twice', `${good}name: other\n`, /line 4, column 1: the key "name" stands here for the second time/],
    ['a nested key twice', `${good}annotations: {a: "1", a: "2"}\n`, /the key "a" stands here for the second time/],
    ['no name', 'apiVersion: v2\nversion: 1.2.3\n', /has no "name"/],
    ['an empty name', 'apiVersion: v2\nname:\nversion: 1.2.3\n', /has no "name"/],
    ['no version', 'apiVersion: v2\nname: app\n', /has no "version"/],
    ['an unknown apiVersion', good.replace('v2', 'v3'), /"apiVersion" is "v3"/],
    ['an unknown type', `${good}type: plugin\n`, /"type" is "plugin"/],
    ['a version that no Helm takes', good.replace('1.2.3', '1.2.3.4'), /"1\.2\.3\.4", which is not a SemVer 2 version/],
    [
      'white space around its version',
      good.replace('1.2.3', '" 1.2.3"'),
      /" 1\.2\.3", which is not a SemVer 2 version/,
    ],
    ['a version that YAML changes', good.replace('1.2.3', '1.20'), /reads 1\.20 as 1\.2\. Write "1\.20" in quotes/],
    ['a mapping for a text', `${good}description: {a: b}\n`, /description must be text/],
    ['a text for a list', `${good}keywords: web\n`, /keywords must be a list/],
    ['a mapping for a list', `${good}maintainers: {name: x}\n`, /maintainers must be a list/],
    ['texts for mappings', `${good}dependencies: [web]\n`, /dependencies\[0\] must be a mapping/],
    ['a text for a flag', `${good}deprecated: maybe\n`, /deprecated must be true or false/],
    ['an upper-case name', good.replace('app', 'MyApp'), /no upper case.*Write "myapp"/],
    ['a name with a slash', good.replace('app', 'a/b'), /cannot become a repository/],
    ['a name that leads upwards', good.replace('app', '..'), /cannot become a repository/],
    ['a name with a trailing dash', good.replace('app', 'app-'), /cannot become a repository/],
    ['a very long name', good.replace('app', 'a'.repeat(251)), /251 characters/],
    ['other bytes than UTF-8', Buffer.from([0x61, 0x3a, 0xff]), /not UTF-8/],
    ['more than 1 MiB', `${good}# ${'x'.repeat(1024 * 1024)}`, /more than the 1048576 bytes/],
    ['nesting without end', '['.repeat(50_000), /nested too deeply/],
    ['deep nesting', `${good}x: ${'['.repeat(60)}${']'.repeat(60)}\n`, /nested more than 50 levels/],
  ] as const) {
    it(`cannot have a Chart.yaml with ${problem}`, async () => {
      assert.match(await refusalOf(() => read(chartYaml)), reason);
    });
  }

  for (const [oddity, chartYaml, warning] of [
    [
      'an appVersion that YAML changes',
      `${good}appVersion: 6.0\n`,
      /^Chart\.yaml: Helm reads 6\.0 as 6 \(line 4, column 13\)\./,
    ],
    ['a commit that looks like a number', `${good}appVersion: 1234e56\n`, /reads 1234e56 as \+Inf/],
    ['a yes where text is meant', `${good}description: yes\n`, /reads yes as true/],
    [
      'many such values',
      `${good}keywords: [${'1.0, '.repeat(7)}]\n`,
      /(1\.0 as 1 \(line 4, column \d+\),? ?){5} and 2 more\. Put/,
    ],
    ['no apiVersion', 'name: app\nversion: 1.2.3\n', /no "apiVersion", .* apiVersion v1, but helm lint .*Add the line/],
    [
      'a leading v',
      good.replace('1.2.3', 'v1.15.3'),
      /version of the chart "app" is "v1\.15\.3", which is not SemVer 2: Helm/,
    ],
    ['a short version', good.replace('1.2.3', '1.2'), /"1\.2", which is not SemVer 2.* by no version range/],
    ['leading zeros', good.replace('1.2.3', '01.2.3'), /"01\.2\.3", which is not SemVer 2/],
  ] as const) {
    it(`may, with a warning, have a Chart.yaml with ${oddity}`, async () => {
      const warnings: string[] = [];
      await readChartFolder(await folderWith({ 'Chart.yaml': chartYaml }), {
        warn: (text) => void warnings.push(text),
      });
      assert.equal(warnings.length, 1, warnings.join('\n'));
      assert.match(warnings[0] ?? '', warning);
    });
  }

  it('is one of apiVersion v1 without any, as Helm has it', async () => {
    assert.equal((await read('name: app\nversion: 1.2.3\n')).apiVersion, 'v1');
  });

  it('is not judged by values that are replaced', async () => {
    const folder = await folderWith({ 'Chart.yaml': 'apiVersion: v2\nname: app\nversion: v1.10\nAppVersion: 1.10\n' });
    const warnings: string[] = [];
    const warn = (text: string): void => void warnings.push(text);
    await readChartFolder(folder, { replaced: ['version', 'appVersion'], warn });
    assert.deepEqual(warnings, []);
    await readChartFolder(folder, { replaced: ['version'], warn });
    assert.match(warnings.join(), /^Chart\.yaml: Helm reads 1\.10 as 1\.1 \(line 4/);
    const odd = await folderWith({ 'Chart.yaml': 'apiVersion: v2\nname: app\nver\u017fion: 1.10\n' });
    assert.match(await refusalOf(() => readChartFolder(odd)), /"1\.10" in quotes/);
    const numeric = await folderWith({ 'Chart.yaml': good.replace('1.2.3', '1.10') });
    await readChartFolder(numeric, { replaced: ['version'] });
    assert.match(await refusalOf(() => readChartFolder(numeric, { replaced: ['appVersion'] })), /"1\.10" in quotes/);
  });

  it('cannot use YAML aliases to fill the memory', async () => {
    const levels = Array.from({ length: 30 }, (_, n) => `l${n + 1}: &l${n + 1} [*l${n}, *l${n}]`);
    await refusalOf(() => read(`${good}l0: &l0 [x, x]\n${levels.join('\n')}\n`));
    const merges = Array.from({ length: 30 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: [*m${n}, *m${n}]}`);
    await refusalOf(() => read(`${good}m0: &m0 {a: b}\n${merges.join('\n')}\n`));
  });

  it('is read by work that grows with the size alone', async () => {
    await workFor(1000);
    const [small, large] = [await workFor(5000), await workFor(40_000)];
    // Eight times the size; work that grows with the square would take 64 times as much.
    assert.ok(large < 24 * small, `${small} and ${large} microseconds`);
  });

  it('cannot smuggle control characters into a message', async () => {
    const message = await refusalOf(() => read(good.replace('app', '"##vso[task.complete]\\e[31m\\r\\n\\u202e"')));
    assert.match(message, /\\u\{|cannot become/);
  });
});

/**
 * What reading so many keys takes, in microseconds of the processor: the least of three runs is what the machine's other
 * work does not touch.
 */
async function workFor(count: number): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
  writeFileSync(path.join(folder, 'Chart.yaml'), good + Array.from({ length: count }, (_, n) => `k${n}: x\n`).join(''));
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const before = process.cpuUsage();
    await readChartFolder(folder).catch(() => {});
    times.push(process.cpuUsage(before).user);
  }
  rmSync(folder, { recursive: true });
  return Math.min(...times);
}
