import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { readChartFolder } from '../../../tasks/common/chart/metadata/folder.ts';
import { chartFolder, realFolder } from '../../../tasks/common/chart/folder/find.ts';
import { ChartCopies } from '../../../tasks/common/chart/dependencies/copies.ts';
import { leadsIntoGit } from '../../../tasks/common/task/job-files.ts';
import { chartYaml, type FileContent, writeFiles } from '../../bench/write-files.ts';
import { refusalOf } from './refusal.ts';
import { quietContext } from './quiet-context.ts';
import { ScratchFolder } from './scratch-folder.ts';

const clone = { '.git/config': '[http]\n\textraheader = AUTHORIZATION: bearer a-token\n' };
const submodule = { 'sub/.git': 'gitdir: ../.git/modules/sub\n', 'sub/app/Chart.yaml': '', 'sub/shared/a.txt': '' };
const secret = { 'secret.txt': 'of the outer repository' };

describe('a link within a repository', () => {
  const scratch = new ScratchFolder();

  /** Sources with these files, and the place of the chart in them. */
  async function placeIn(files: Record<string, FileContent>, chart: string, sources = scratch.fresh('s')) {
    writeFiles(sources, files);
    const given = { input: 'chartPath', value: chart };
    return chartFolder(given, { variable: (name) => (name === 'Build.SourcesDirectory' ? sources : undefined) });
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

  it('may not lead on by a link of another repository that leads out of that one', async () => {
    const chain = { 'app/link': { link: '../sub/next' }, 'sub/next': { link: 'further' } };
    const out = { 'sub/further': { link: '../secret.txt' } };
    assert.match(
      await refusal({ ...clone, ...secret, ...submodule, ...chain, ...out }, 'app'),
      /^The chart has a link, \.\.\/sub\/further, that leads to .*secret\.txt, outside the repository that it lies in/,
    );
    const folders = { 'app/link': { link: '../sub/dir/secret.txt' }, 'sub/dir': { link: '..' } };
    assert.match(
      await refusal({ ...clone, ...secret, ...submodule, ...folders }, 'app'),
      /^The chart has a link, \.\.\/sub\/dir, that leads to .*, outside the repository that it lies in/,
    );
    await placeIn({ ...clone, 'app/link': { link: '../a/../b' }, 'a/x': '', b: { link: 'c' }, 'c/x': '' }, 'app');
  });

  it('may not be the chart itself, when it leads to another checkout', async () => {
    const files = {
      'one/.git/config': '',
      'two/.git/config': '',
      'two/app/Chart.yaml': '',
      'one/own/app/Chart.yaml': '',
    };
    const link = { 'one/charts': { link: '../two' } };
    assert.match(
      await refusal({ ...files, ...link }, 'one/charts/app'),
      /^Input chartPath is 'one\/charts\/app', which goes by a link, .*one\/charts, that leads to .*two, outside the repo/,
    );
    await placeIn({ ...files, 'one/charts': { link: 'own' } }, 'one/charts/app');
  });

  it('may not lead round in a circle', async () => {
    const folders = { 'app/a/x': { link: '../b' }, 'app/b/y': { link: '../a' } };
    assert.match(
      await refusal(folders, 'app'),
      /^The chart has a link, (a\/x|b\/y), that leads to a folder that holds the link itself/,
    );
    const links = { 'app/a': { link: 'b' }, 'app/b': { link: 'a' } };
    assert.match(await refusal(links, 'app'), /^The chart has a link, [ab], that leads round in a circle/);
  });

  (process.platform === 'win32' ? it.skip : it)('may not lead to a named pipe, and none may be there', async () => {
    const sources = writeFiles(scratch.fresh('s'), { 'app/Chart.yaml': '', 'other/link': { link: '../pipe' } });
    for (const name of ['app/.helmignore', 'pipe']) execFileSync('mkfifo', [path.join(sources, name)]);
    for (const [chart, name] of [
      ['app', '.helmignore'],
      ['other', 'link'],
    ] as const) {
      const refused = await refusalOf(() => placeIn({}, chart, sources));
      assert.match(refused, /is no regular file/, name);
    }
  });

  it('may not lead to the same folders so often that helm would never end', async () => {
    const levels = [...Array(20).keys()].flatMap((level) => [
      [`app/${level}/one`, { link: `../${level + 1}` }] as const,
      [`app/${level}/two`, { link: `../${level + 1}` }] as const,
    ]);
    const files = Object.fromEntries<FileContent>([...levels, ['app/20/file', '']]);
    assert.match(await refusal(files, 'app'), /^The chart in "app" has more than 10000 files and folders/);
  });

  // Other systems have no such names.
  (process.platform === 'linux' ? it : it.skip)(
    'may not go by a name that is no text, which looks like another one',
    async () => {
      const sources = scratch.fresh('s');
      writeFiles(sources, { 'app/.helmignore': 'd*\n', 'app/d\ufffd/file': '', 'lib\ufffd/Chart.yaml': '' });
      for (const name of ['app/d', 'lib']) {
        const odd = Buffer.concat([Buffer.from(path.join(sources, name)), Buffer.from([0xff])]);
        mkdirSync(odd);
        symlinkSync('/etc/passwd', Buffer.concat([odd, Buffer.from('/x')]));
      }
      await assert.rejects(placeIn({}, 'app', sources), /^TaskError: The name d.* is no UTF-8 text; rename that file/);
      writeFiles(sources, { 'other/Chart.yaml': '' });
      symlinkSync(Buffer.from([...Buffer.from('lib'), 0xff]), path.join(sources, 'link'));
      const place = await placeIn({}, 'other', sources);
      await assert.rejects(
        realFolder(path.join(place.folder, '../link'), place.sources, 'The dependency'),
        /^TaskError: The name lib.* is no UTF-8 text/,
      );
    },
  );

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
      [
        'behind a link to the outer repository',
        'file://../way-out',
        /which goes by a link, .*way-out, that leads to .*common, outside the repository that it lies in \(.*sub\)/,
      ],
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

    it('must be there: helm makes another name of one with what it cannot print', async () => {
      for (const address of ['file://../comm\u31efon', 'file://../app/Chart.yaml']) {
        const message = await depends({ ...clone, ...near, 'app/Chart.yaml': '' }, 'app', address);
        assert.match(message, /^The chart depends on file:.*, which is no folder \(.*\); correct the address/);
      }
    });

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
