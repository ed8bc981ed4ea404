import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { azureConnection } from '../../bench/connections.ts';
import { chartArchive } from '../../bench/chart-steps.ts';
import { entriesOf } from '../../bench/archive-entries.ts';
import { chartYaml, type FileContent, writeFiles } from '../../bench/write-files.ts';
import { DeployBench } from './deploy-bench.ts';
import { refusalOf } from './refusal.ts';

const archive = chartArchive('app', '1.2.3');
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const template = { 'templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' };

/** A chart's files, below a folder. */
function chartIn(folder: string, files: Record<string, FileContent>): Record<string, FileContent> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

describe('A chart to deploy out of an archive', () => {
  const bench = new DeployBench();
  const put = (files: Record<string, FileContent>): string => writeFiles(bench.workspace, files);

  for (const [what, place, chart] of [
    ['its path in the sources', 's/a/app-1.2.3.tgz', 'a/app-1.2.3.tgz'],
    ['its whole path', 'drop/app-1.2.3.tgz', ''],
    ['a pattern', 's/b/charts/app-1.2.3.tgz', 'b/**/*.tgz'],
  ] as const) {
    it(`is had by ${what}, as a copy that nothing else changes`, async () => {
      put({ [place]: archive, [`${place}.prov`]: 'none of it' });
      const file = path.join(bench.workspace, place);
      const got = await bench.get({ chart: chart || file });
      const { archive: copy, privateFolder, ...facts } = got;
      const expected = { name: 'app', version: '1.2.3', appVersion: undefined, digest: sha256(archive) };
      assert.deepEqual(facts, { ...expected, from: 'archive', reference: file });
      assert.ok(copy.startsWith(privateFolder + path.sep));
      assert.deepEqual(readFileSync(copy), archive);
      assert.deepEqual(bench.commands, []);
    });
  }

  it('may be anywhere when its whole path is given, and has the version that is asked for', async () => {
    const chart = await bench.scratch.file(archive);
    assert.equal((await bench.get({ chart, chartVersion: '1.2.3' })).version, '1.2.3');
    assert.match(
      await refusalOf(() => bench.get({ chart, chartVersion: '1.2.4' })),
      /^Input chartVersion is '1\.2\.4', but the chart at .* has the version "1\.2\.3": leave chartVersion empty/,
    );
  });

  for (const [what, files, chart, reason] of [
    [
      'it is missing',
      {},
      'none/app-1.2.3.tgz',
      /^Input chart is "none\/app.*no file or folder is there \(seen from .*\): was the/,
    ],
    [
      'a name is no path',
      {},
      'ingress-nginx',
      /checked out \(checkout: self\), or .*; for one in a chart repository give its name alone, and input chartRepository\.$/,
    ],
    ['nothing matches', {}, 'none/*.tgz', /no file or folder is there/],
    [
      'several files match',
      { 's/c/a.tgz': archive, 's/c/b.tgz': archive },
      'c/*.tgz',
      /, which 2 files match \(.*a\.tgz, /,
    ],
    [
      'it is its Chart.yaml',
      { 's/d/Chart.yaml': chartYaml('app') },
      'd/Chart.yaml',
      /give the folder that holds it, .*d\.$/,
    ],
    ['it is no archive', { 's/e/app.tgz': 'hello' }, 'e/app.tgz', /^The chart archive ".*\/e\/app\.tgz/],
    [
      'it is a link',
      { 's/f/app.tgz': { link: '../../../x.tgz' } },
      'f/app.tgz',
      /f\/app\.tgz (is a link|leads out)|no file or/,
    ],
    [
      "it holds git's own files",
      { 's/g/app.tgz': chartArchive('app', '1.0.0', '', { name: 'app/.git/config', body: 'x' }) },
      'g/app.tgz',
      /holds "app\/\.git\/config", one of git's own files/,
    ],
    [
      'a name in it leads elsewhere',
      { 's/h/app.tgz': chartArchive('app', '1.0.0', '', { name: 'app/../../x', body: 'x' }) },
      'h/app.tgz',
      /x/,
    ],
    [
      'its schema makes helm ask a host',
      {
        's/i/app.tgz': chartArchive('app', '1.0.0', '', {
          name: 'app/values.schema.json',
          body: '{"$ref": "http://169.254.169.254/x"}',
        }),
      },
      'i/app.tgz',
      /refers to "http:\/\/169\.254\.169\.254\/x" \(\$ref\)/,
    ],
  ] as const) {
    it(`is refused where ${what}`, async () => {
      put(files);
      const message = await refusalOf(() => bench.get({ chart }));
      assert.match(message, reason);
      assert.doesNotMatch(message, /private/);
    });
  }

  it('is refused by a pattern that finds a link out of the job', async () => {
    const outside = await bench.scratch.file(archive);
    put({ 's/j/x.txt': '' });
    symlinkSync(outside, path.join(bench.sources, 'j/app.tgz'));
    assert.match(await refusalOf(() => bench.get({ chart: 'j/*.tgz' })), /j\/app\.tgz is a link, and what it leads to/);
  });
});

describe('A chart to deploy out of a folder', () => {
  const bench = new DeployBench();
  const put = (files: Record<string, FileContent>): string => writeFiles(bench.workspace, files);

  it('is packaged alike each time, links and near dependencies included, and nothing is written into the sources', async () => {
    const dependencies = 'dependencies: [{name: common, version: 1.x, repository: "file://../common"}]\n';
    put({
      's/.git/config': '',
      ...chartIn('s/one/app', {
        ...template,
        'Chart.yaml': chartYaml('app', '1.2.3', `appVersion: "7"\n${dependencies}`),
        'files/shared.txt': { link: '../../shared.txt' },
      }),
      's/one/shared.txt': 'shared',
      ...chartIn('s/one/common', { ...template, 'Chart.yaml': chartYaml('common', '1.4.0') }),
    });
    const got = await bench.get({ chart: 'one/app' });
    assert.deepEqual(
      { name: got.name, version: got.version, appVersion: got.appVersion, from: got.from },
      { name: 'app', version: '1.2.3', appVersion: '7', from: 'folder' },
    );
    assert.equal(got.reference, path.join(bench.sources, 'one/app'));
    assert.equal(got.digest, sha256(readFileSync(got.archive)));
    const entries = await entriesOf(got.archive);
    assert.ok(
      entries.has('app/files/shared.txt') && entries.has('app/charts/common/Chart.yaml'),
      [...entries.keys()].join(),
    );
    assert.equal((await bench.get({ chart: path.join(bench.sources, 'one/app') })).digest, got.digest);
    assert.ok(!bench.commands.some((command) => command.startsWith('helm lint')));
  });

  it('may lie in an artifact beside the sources, which it may not lead out of', async () => {
    put({
      ...chartIn('drop/app', { ...template, 'Chart.yaml': chartYaml('app'), 'a.txt': { link: '../a.txt' } }),
      'drop/a.txt': 'a',
      ...chartIn('drop/web', { 'Chart.yaml': chartYaml('web'), 'a.txt': { link: '../../other/secret.txt' } }),
      'other/secret.txt': 'secret',
    });
    assert.equal((await bench.get({ chart: path.join(bench.workspace, 'drop/app') })).from, 'folder');
    assert.equal((await bench.get({ chart: '../drop/app' })).from, 'folder');
    assert.match(
      await refusalOf(() => bench.get({ chart: path.join(bench.workspace, 'drop/web') })),
      /^The chart has a link, a\.txt, that leads to .*secret\.txt, outside the sources/,
    );
  });

  it('gets what it depends on from a private registry that the pipeline names', async () => {
    const loginServer = 'contoso.azurecr.io';
    const registry = bench.azure.registry(loginServer);
    await registry.seedChart('helm', { name: 'lib', version: '1.0.0', archive: chartArchive('lib', '1.0.0') });
    const roles = [{ role: 'AcrPull', scope: loginServer }];
    bench.connections.set(
      'puller',
      azureConnection(bench.azure.identities.add({ kind: 'secret', cloud: 'AzureCloud', roles })),
    );
    const dependencies = `dependencies: [{name: lib, version: 1.0.0, repository: "oci://${loginServer}/helm"}]\n`;
    put(chartIn('s/two/app', { ...template, 'Chart.yaml': chartYaml('app', '1.0.0', dependencies) }));
    const inputs = { chart: 'two/app', azureSubscription: 'puller' };
    const got = await bench.get({ ...inputs, registry: loginServer });
    assert.ok((await entriesOf(got.archive)).has('app/charts/lib/Chart.yaml'));
    await assert.rejects(
      bench.get(inputs),
      /^TaskError: helm dependency failed .*: if it may be, add to input registry the line contoso\.azurecr\.io\.$/s,
    );
  });

  for (const [what, files, chart, reason] of [
    ['it is no chart', { 's/three/x.txt': '' }, 'three', /holds no Chart\.yaml/],
    ['it lies outside of the job', {}, '/', /^Input chart is '\/', which lies outside the sources/],
    [
      'it has a link out of its repository',
      chartIn('s/four', { 'Chart.yaml': chartYaml('four'), x: { link: '/etc/passwd' } }),
      'four',
      /^The chart has a link, x, that leads to \/etc\/passwd, outside the sources/,
    ],
    [
      'helm cannot package it',
      chartIn('s/five', { 'Chart.yaml': chartYaml('five'), 'values.yaml': 'a: [' }),
      'five',
      /^helm package failed.*values\.yaml/s,
    ],
  ] as const) {
    it(`is refused where ${what}`, async () => {
      put(files);
      assert.match(await refusalOf(() => bench.get({ chart })), reason);
    });
  }
});
