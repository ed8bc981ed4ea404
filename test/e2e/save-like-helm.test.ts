import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { entriesOf } from '../bench/archive-entries.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { chartYaml, type FileContent, writeFiles } from '../bench/write-files.ts';
import { realProgram } from '../real/index.ts';

/** Rules of every kind, and names that only some of them take. */
const rules: Readonly<Record<string, string>> = {
  'by name': '*.bak\nsecret\n.*.swp\n',
  'by path': '/top.txt\nfiles/*.txt\nfiles/deep/*\n',
  'for folders': 'secret/\nfiles/deep/\n/files/link/\n',
  'with classes': 'files/[a-c]*.txt\n[^a-zC]*\nfiles/?.md\n',
  'with quotes': 'files/a\\*b.txt\n\\#note\n',
  'with comments and blanks': '\ufeff# a comment\r\n\r\n  *.bak  \r\n',
  'that keep what they do not name': '!*[.v]y*\n',
  'that name themselves': '.helmignore\n*.lnk\n',
};

const files: Record<string, FileContent> = {
  'Chart.yaml': chartYaml('odd'),
  'values.yaml': '\ufeffa: 1\r\n',
  'top.txt': 'x',
  '#note': 'x',
  'Upper.txt': 'x',
  secret: 'x',
  'files/top.txt': 'x',
  'files/secret/a.txt': 'x',
  'files/deep/secret': 'x',
  'files/deep/er/x.txt': 'x',
  'files/a*b.txt': 'x',
  'files/aXb.txt': 'x',
  'files/d.txt': 'x',
  'files/é.md': 'x',
  'files/.x.swp': 'x',
  'files/old.bak': 'x',
  'files/empty': '',
  'files/file.lnk': { link: '../top.txt' },
  'files/link': { link: 'deep' },
  'templates/_helpers.tpl': '',
  'templates/.hidden': 'x',
  'templates/sub/.seen': 'x',
  'charts/inner/Chart.yaml': chartYaml('inner'),
  'charts/inner/.helmignore': 'kept-here.txt\n',
  'charts/inner/kept-here.txt': 'x',
  'charts/inner/old.bak': 'x',
  'charts/_off/Chart.yaml': chartYaml('off'),
  'charts/.off/Chart.yaml': chartYaml('off'),
};

describe('HelmChartSave: what is in the archive', () => {
  for (const id of ['helm-3.17', 'helm-4.1', 'helm-4.2'] as const) {
    describe(`is what ${id} packages of the sources`, () => {
      let pipeline: Pipeline;
      before(async () => {
        pipeline = await startPipeline({ helm: id });
      });
      after(() => pipeline.close());

      for (const [kind, text] of Object.entries(rules)) {
        it(`by rules ${kind}`, async () => {
          const place = path.join('charts', kind.replaceAll(' ', '-'));
          const folder = path.join(pipeline.job.folders.sources, place);
          writeFiles(folder, { ...files, '.helmignore': text });
          mkdirSync(path.join(folder, 'files/nothing'));
          symlinkSync('../top.txt', path.join(folder, 'templates/linked.txt'));

          const helm = await realProgram(id);
          const out = path.join(pipeline.job.folders.root, place);
          execFileSync(helm, ['package', folder, `--destination=${out}`], { stdio: 'pipe' });
          const step = await pipeline.run('HelmChartSave', {
            inputs: { chartPath: place, lint: 'false' },
            condition: 'always()',
          });

          assert.equal(step.result, 'Succeeded', step.log.join('\n'));
          const expected = await contents(path.join(out, 'odd-1.0.0.tgz'));
          assert.deepEqual(await contents(step.outputs['chartPath'] ?? ''), expected);
          assert.ok(Object.keys(expected).length >= 2);
        });
      }
    });
  }
});

async function contents(archive: string): Promise<Record<string, string>> {
  const entries = [...(await entriesOf(archive))].map(
    ([name, { content }]) => [name, content.toString('hex')] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
