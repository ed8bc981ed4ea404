import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { chartYaml, writeFiles, type FileContent } from '../bench/write-files.ts';

describe('HelmChartSave: what it refuses', () => {
  let pipeline: Pipeline;

  before(async () => {
    pipeline = await startPipeline();
    pipeline.addChart('hello');
  });
  after(() => pipeline.close());

  const save = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.run('HelmChartSave', { inputs: { chartPath: 'charts/hello', ...inputs }, condition: 'always()' });

  afterEach('leaves nothing behind', () => {
    const { temp, machineTemp, staging } = pipeline.job.folders;
    for (const folder of [temp, machineTemp]) assert.deepEqual(leftIn(folder), []);
    assert.deepEqual(leftIn(staging), []);
  });

  describe('charts', () => {
    const cases: readonly (readonly [string, Record<string, FileContent>, RegExp])[] = [
      ['no Chart.yaml', { 'values.yaml': 'a: 1\n' }, /^The folder ".*\/no-Chart\.yaml" holds no Chart\.yaml/],
      [
        'broken YAML',
        { 'Chart.yaml': 'apiVersion: v2\nname: [app\n' },
        /^Chart\.yaml, line 3, column 1: this is not valid/,
      ],
      ['wrong types', { 'Chart.yaml': chartYaml('app', '1.0.0', 'keywords: web\n') }, /keywords must be a list/],
      ['no name', { 'Chart.yaml': 'apiVersion: v2\nversion: 1.0.0\n' }, /^Chart\.yaml has no "name"/],
      ['no version', { 'Chart.yaml': 'apiVersion: v2\nname: app\n' }, /^Chart\.yaml has no "version"/],
      ['a version that is none', { 'Chart.yaml': chartYaml('app', 'latest') }, /"latest", which is not a SemVer 2/],
      [
        'a link to a file of the agent',
        { 'Chart.yaml': chartYaml('app'), 'files/passwd': { link: '/etc/passwd' } },
        /^The chart has a link, files\/passwd, that leads to \/etc\/passwd, outside the sources; put a copy/,
      ],
      [
        'a link to a folder with a link to a file of the agent',
        {
          'Chart.yaml': chartYaml('app'),
          shared: { link: '../shared' },
          '../shared/passwd': { link: '/etc/passwd' },
        },
        /^The chart has a link, \.\.\/shared\/passwd, that leads to \/etc\/passwd, outside the sources/,
      ],
      [
        "a link into the repository's own files",
        {
          'Chart.yaml': chartYaml('app'),
          'files/config': { link: '../../../.git/config' },
          '../../.git/config': '[http]\n\textraheader = AUTHORIZATION: bearer a-token\n',
        },
        /^The chart has a link, files\/config, that leads to .*\.git\/config, into a repository's own files, which may hold/,
      ],
      [
        'a link to nothing',
        { 'Chart.yaml': chartYaml('app'), 'values.yaml': { link: 'missing.yaml' } },
        /^The chart has a link, values\.yaml, that leads to nothing/,
      ],
      [
        'a link in a circle',
        { 'Chart.yaml': chartYaml('app'), 'files/again': { link: '../..' } },
        /^The chart has a link, files\/again, that leads to a folder that holds the link itself/,
      ],
      [
        'a template that fails',
        { 'Chart.yaml': chartYaml('app'), 'templates/a.yaml': 'a: {{ .Values.none.deeper }}\n' },
        /^helm lint found .*: templates\/: app\/templates\/a\.yaml:1:\d+ .*nil pointer evaluating/,
      ],
      [
        'a name that helm would take apart',
        { 'Chart.yaml': chartYaml('app'), 'files/a\\b.txt': 'x' },
        /^The chart holds "files\/a\\b\.txt", which has a backslash, .*; rename "wrong\/a-name.*\/files\/a\\b\.txt", or/,
      ],
      [
        'links that lead to each other',
        { 'Chart.yaml': chartYaml('app'), 'a/b': { link: '../b' }, 'b/a': { link: '../a' } },
        /^The chart has a link, b\/a, that leads to a folder that holds the link itself/,
      ],
      [
        'rules that helm cannot read',
        { 'Chart.yaml': chartYaml('app'), '.helmignore': '# rules\nfiles/**\n' },
        /^\.helmignore, line 2: helm cannot read "files\/\*\*", it knows no/,
      ],
      [
        'more files than an archive may hold',
        {
          'Chart.yaml': chartYaml('app'),
          ...Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`files/${index}`, ''])),
        },
        /^The chart in "wrong\/more-files.*" has more than 10000 files and folders; name in \.helmignore/,
      ],
    ];
    for (const [problem, files, reason] of cases) {
      it(`with ${problem}`, async () => {
        const name = problem.replaceAll(' ', '-');
        writeFiles(path.join(pipeline.job.folders.sources, 'wrong', name), files);

        assert.match(refusalOf(await save({ chartPath: `wrong/${name}` })), reason);
      });
    }
  });

  describe('paths', () => {
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['to nothing', 'charts/nowhere', /^Input chartPath is '.*charts\/nowhere', but .* does not exist; was the repo/],
      ['to a file', 'charts/hello/Chart.yaml', /^Input chartPath is '.*Chart\.yaml', which is a file; give the folder/],
      ['that lead upwards', 'charts/../../../..', /which lies outside the sources/],
      ['elsewhere on the agent', '/etc', /^Input chartPath is '\/etc', which lies outside the sources/],
      ['through a link that leads elsewhere', 'charts/way-out', /leads to \/etc, outside the sources/],
      ['with an unknown variable', '$(nope)', /^Input chartPath is '.*\$\(nope\)', where \$\(nope\) was not/],
    ];
    before(() => writeFiles(pipeline.job.folders.sources, { 'charts/way-out': { link: '/etc' } }));
    for (const [problem, chartPath, reason] of cases) {
      it(problem, async () => {
        assert.match(refusalOf(await save({ chartPath })), reason);
      });
    }
  });

  describe('inputs', () => {
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [
        { chartVersion: 'v1.2.3' },
        /^The input chartVersion is "v1\.2\.3": SemVer 2 has no leading "v".*Write "1\.2\.3"/,
      ],
      [{ chartVersion: '1.2' }, /^The input chartVersion is "1\.2", which is not a SemVer 2 version .*"1\.2\.0"/],
      [{ chartVersion: '1.0.0-0123' }, /^The input chartVersion .* must not start with 0/],
      [{ chartVersion: '20261123.4' }, /^The input chartVersion is "20261123\.4", which is not a SemVer 2 version/],
      [{ chartVersion: '1.0.0 --app-version=2' }, /^The input chartVersion .* is not a SemVer 2 version/],
      [
        { chartVersion: '$(nope)' },
        /^Input chartVersion is '\$\(nope\)', which was not replaced: this job has no variable/,
      ],
      [{ lint: 'yes' }, /^Input lint is 'yes'; it takes true or false\.$/],
      [{ helmVersion: '3.16.x' }, /^Input helmVersion asks for 3\.16\.x; this task needs 3\.17\.0 or later\.$/],
      [{ helmVersion: 'newest' }, /^Input helmVersion is 'newest'; it takes a version such as 4\.1\.4 or a range/],
      [{ destination: 'charts/hello/out' }, /^Input destination is 'charts\/hello\/out', a folder in the chart itself/],
      [{ destination: 'charts/hello/values.yaml' }, /^Input destination is '.*', but that folder cannot be made/],
    ];
    for (const [inputs, reason] of cases) {
      const [[name, value] = []] = Object.entries(inputs);
      it(`${name}: ${value}`, async () => {
        assert.match(refusalOf(await save(inputs)), reason);
      });
    }
  });
});

function leftIn(folder: string): string[] {
  return readdirSync(folder);
}
