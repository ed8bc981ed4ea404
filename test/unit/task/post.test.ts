import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removePrivateFolder } from '../../../tasks/common/task/post.ts';
import { writeFiles } from '../../bench/write-files.ts';

const program = "import('./tasks/common/task/post.ts').then(({ removePrivateFolders }) => removePrivateFolders())";
const secret = { 'registry-config.json': '{}' };

describe('the post-job step', () => {
  let root: string;
  let temp: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(realpathSync(tmpdir()), 'post-'));
    temp = path.join(root, '_temp');
    mkdirSync(temp);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const make = (name: string): string => writeFiles(path.join(root, name), secret);

  /** Runs it with these task variables, in a process of its own. Gives what it printed. */
  function post(variables: Record<string, string>, temporary = temp): string {
    const named = Object.entries(variables).map(([name, value]) => [`VSTS_TASKVARIABLE_${name}`, value]);
    const env = { ...process.env, ...Object.fromEntries(named), AGENT_TEMPDIRECTORY: temporary };
    return execFileSync(process.execPath, ['--import=tsx', '-e', program], { env, encoding: 'utf8' });
  }

  /** Has it remove what these name, which must all still be there. */
  function assertKept(folders: readonly string[], because: RegExp): void {
    for (const folder of folders) {
      assert.match(removePrivateFolder(folder, temp) ?? '', because, folder);
      assert.equal(existsSync(path.join(folder, 'registry-config.json')), true, folder);
    }
  }

  it('removes what a step kept for itself and for the job', () => {
    const [ofStep, ofJob] = [make('_temp/helm-delivery-a1B2c3'), make('_temp/helm-delivery-ZZZZZZ')];

    assert.equal(post({ PRIVATEFOLDER: ofStep, JOBFOLDER: ofJob }), '');

    assert.deepEqual([existsSync(ofStep), existsSync(ofJob), existsSync(temp)], [false, false, true]);
  });

  it('has nothing to do where nothing was left', () => {
    assert.equal(post({}), '');
    assert.equal(post({ PRIVATEFOLDER: '', JOBFOLDER: path.join(temp, 'helm-delivery-gone01') }), '');
  });

  it('leaves another folder that a variable of the pipeline names, and says so', () => {
    const folder = make('_tool/helm-delivery-50%');

    const printed = post({ JOBFOLDER: folder });

    assert.match(
      printed,
      /^##vso\[task\.logissue type=warning\].*\(VSTS_TASKVARIABLE_JOBFOLDER\) was not removed: it is/,
    );
    assert.equal(existsSync(folder), true);
  });

  it('knows its own folders by the whole name', () => {
    const names = ['helm-delivery-helm', 'helm-delivery-', 'helm-delivery-a1B2c', 'helm-delivery-a1B2c34', 'sources'];
    const odd = ['helm-delivery-a1-2c3', 'xhelm-delivery-a1B2c3', 'helm-delivery-a1B2c3.bak'];
    assertKept(
      [...names, ...odd].map((name) => make(`_temp/${name}`)),
      /not named as a private folder/,
    );
    assertKept([path.join(make('_temp/helm-delivery-a1B2c3/deep'), '..', 'deep')], /not named as a private folder/);
  });

  it('touches nothing outside of the temporary folder', () => {
    make('_tool/helm-delivery-a1B2c3');
    make('_temp/other/helm-delivery-a1B2c3');
    symlinkSync(path.join(root, '_tool'), path.join(temp, 'link'));

    const places = ['_tool', '_temp/other', '_temp/link', '_temp/../_tool', '_temp/other/../other'];
    assertKept(
      places.map((place) => `${root}/${place}/helm-delivery-a1B2c3`),
      /does not lie in the temporary folder/,
    );
  });

  it('follows no link', () => {
    const target = make('_tool/cache');
    const link = path.join(temp, 'helm-delivery-a1B2c3');
    symlinkSync(target, link, 'junction');

    assertKept([link, `${link}/`, `${link}/.`], /is a link, or no folder|not named as/);

    const own = make('_temp/helm-delivery-d4E5f6');
    symlinkSync(target, path.join(own, 'inner'), 'junction');
    assert.equal(removePrivateFolder(own, temp), undefined);
    assert.deepEqual([existsSync(own), existsSync(path.join(target, 'registry-config.json'))], [false, true]);
  });

  it('leaves what belongs to another user', function () {
    if (process.getuid?.() !== 0) this.skip();
    const folder = make('_temp/helm-delivery-a1B2c3');
    chownSync(folder, 65_534, 65_534);

    assertKept([folder], /belongs to another user/);
  });

  it('works where the temporary folder of the agent is a link', () => {
    const link = path.join(root, 'linked-temp');
    symlinkSync(temp, link, 'junction');
    const made = ['helm-delivery-a1B2c3', 'helm-delivery-d4E5f6'].map((name) => make(`_temp/${name}`));
    const [direct = '', linked = ''] = made;

    assert.equal(post({ PRIVATEFOLDER: direct, JOBFOLDER: path.join(link, path.basename(linked)) }, link), '');

    assert.deepEqual(made.map(existsSync), [false, false]);
  });
});
