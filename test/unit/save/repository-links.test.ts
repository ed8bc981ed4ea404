import assert from 'node:assert/strict';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { readChartFolder } from '../../../tasks/common/chart/metadata/folder.ts';
import { chartFolder } from '../../../tasks/HelmChartSave/chart-folder.ts';
import { ChartCopies } from '../../../tasks/HelmChartSave/chart-parts.ts';
import { leadsIntoGit } from '../../../tasks/HelmChartSave/git-files.ts';
import { chartYaml, type FileContent, writeFiles } from '../../bench/write-files.ts';
import { refusalOf } from '../chart/refusal.ts';
import { quietContext } from './quiet-context.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';

const clone = { '.git/config': '[http]\n\textraheader = AUTHORIZATION: bearer a-token\n' };
const submodule = { 'sub/.git': 'gitdir: ../.git/modules/sub\n', 'sub/app/Chart.yaml': '', 'sub/shared/a.txt': '' };
const secret = { 'secret.txt': 'of the outer repository' };

describe('a link within a repository', () => {
  const scratch = new ScratchFolder();

  /** Sources with these files, and the place of the chart in them. */
  async function placeIn(files: Record<string, FileContent>, chart: string, sources = scratch.fresh('s')) {
    writeFiles(sources, files);
    return chartFolder(chart, { variable: (name) => (name === 'Build.SourcesDirectory' ? sources : undefined) });
  }
  /** Copies a chart that depends on another one in a folder. */
  async function copyOf(files: Record<string, FileContent>, chart: string, address: string): Promise<void> {
    const dependencies = `dependencies: [{name: common, repository: "${address}"}]\n`;
    const place = await placeIn({ ...files, [`${chart}/Chart.yaml`]: chartYaml('app', '1.0.0', dependencies) }, chart);
    const copies = new ChartCopies({ sources: place.sources, mode: 'auto' }, quietContext(scratch.fresh('private')));
    await copies.of(place.files, () => readChartFolder(place.folder));
  }
  async function depends(files: Record<string, FileContent>, chart: string, address: string): Promise<string> {
    return refusalOf(() => copyOf(files, chart, address));
  }
  const refusal = (files: Record<string, FileContent>, chart: string) => refusalOf(() => placeIn(files, chart));
  const outside = /^The chart has a link, link, that leads to .*, outside the repository that it lies in \(.*\); put a/;

  it('may lead anywhere in a clone, a submodule or a worktree that the chart is in', async () => {
    const link = { link: '../shared' };
    await placeIn({ ...clone, 'app/Chart.yaml': '', 'shared/a.txt': '', 'app/link': link }, 'app');
    await placeIn({ ...clone, ...submodule, 'sub/app/link': link }, 'sub/app');
    await placeIn({ '.git': 'gitdir: /repos/main/.git/worktrees/w\n', 'app/link': link, 'shared/a.txt': '' }, 'app');
    await placeIn({ 'app/link': link, 'shared/a.txt': '' }, 'app');
  });

  it('may lead into a submodule of the repository', async () => {
    await placeIn({ ...clone, ...submodule, 'app/link': { link: '../sub/shared' } }, 'app');
  });

  it('may not lead from a submodule to the outer repository', async () => {
    const link = { 'sub/app/link': { link: '../../secret.txt' } };
    assert.match(await refusal({ ...clone, ...secret, ...submodule, ...link }, 'sub/app'), outside);
  });

  it('may not lead from a submodule to the outer repository when the outer chart links to the submodule', async () => {
    const links = { 'app/link': { link: '../sub/shared' }, 'sub/shared/out': { link: '../../secret.txt' } };
    const reason = await refusal({ ...clone, ...secret, ...submodule, ...links }, 'app');
    assert.match(
      reason,
      /^The chart has a link, \.\.\/sub\/shared\/out, that leads to .*secret\.txt, outside the repo/,
    );
  });

  it('may not lead from one of several checkouts to another', async () => {
    const files = { 'one/.git/config': '', 'two/.git/config': '', 'two/a.txt': '' };
    assert.match(await refusal({ ...files, 'one/app/link': { link: '../../two/a.txt' } }, 'one/app'), outside);
  });

  it('may not lead above the sources, where a repository starts only there', async () => {
    const above = writeFiles(scratch.fresh('above'), { '.git/config': '', 'secret.txt': '' });
    const files = { 'app/link': { link: '../../secret.txt' } };
    const reason = await refusalOf(() => placeIn(files, 'app', path.join(above, 's')));
    assert.match(reason, /leads to .*secret\.txt, outside the sources; put a copy/);
  });

  it('may lead within the sources of an agent whose folder is a link itself', async () => {
    const real = scratch.fresh('real');
    const named = scratch.fresh('named');
    writeFiles(real, { ...clone, ...submodule, 'sub/app/link': { link: '../shared' } });
    writeFiles(path.dirname(named), { [path.basename(named)]: { link: real } });
    const place = await placeIn({}, 'sub/app', named);
    assert.equal(place.folder, path.join(await realpath(real), 'sub/app'));
  });

  describe('and a dependency in a folder', () => {
    const near = { 'common/Chart.yaml': '' };

    it('may lie beside the chart', async () => {
      await copyOf({ ...clone, 'common/Chart.yaml': chartYaml('common') }, 'app', 'file://../common');
    });

    for (const [what, address, reason] of [
      [
        'in the outer repository',
        'file://../../common',
        /outside the chart's own repository \(.*sub\); put that chart/,
      ],
      ['outside the sources', 'file://../../../', /outside the sources/],
      ['behind a link to the outer repository', 'file://../way-out', /outside the chart's own repository/],
      ["in the repository's own files", 'file://../inner/.GIT/x', /is one of a repository's own folders/],
    ] as const) {
      it(`may not lie ${what}`, async () => {
        const files = { 'sub/way-out': { link: '../common' }, 'sub/inner/.GIT/x/Chart.yaml': '' };
        const message = await depends({ ...clone, ...near, ...submodule, ...files }, 'sub/app', address);
        assert.match(
          message,
          /^The chart depends on file:\/\/.* \(Chart\.yaml, dependencies\[0\]\.repository\), which/,
        );
        assert.match(message, reason);
      });
    }

    it('is where helm looks for it, not where its parts lead', async () => {
      const files = { 'app/x': { link: '../sub/shared' }, 'common/out': { link: '/etc' } };
      const message = await depends({ ...clone, ...submodule, ...files }, 'app', 'file://x/../../common');
      assert.match(message, /^The chart has a link, out, that leads to \/etc, outside the sources/);
    });
  });

  it('may lead into no folder that a file system takes for .git', () => {
    for (const name of ['.git', '.GIT', '.Git.', '.git ', '.git . .', 'git~1', 'GIT~2', '.git::$INDEX_ALLOCATION'])
      assert.ok(leadsIntoGit(['a', name, 'config']), name);
    for (const name of ['.github', '.gitkeep', 'git', 'my.git', '.gitmodules', 'git~x'])
      assert.ok(!leadsIntoGit([name]), name);
  });
});
