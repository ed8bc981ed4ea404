import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchText } from '../../../tasks/common/tools/download.ts';
import { FolderSource } from '../../../tasks/common/tools/folder-source.ts';
import { writeFiles } from '../../bench/write-files.ts';
import { impatient } from './workbench.ts';

describe('A folder as mirror', () => {
  let root: string;
  let mirror: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mirror-')));
    writeFiles(root, { 'mirror/v1/tool': 'a tool', 'outside/tool': 'of another job' });
    mirror = path.join(root, 'mirror');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const read = (file: string, folder = mirror): Promise<string | undefined> =>
    fetchText({
      source: new FolderSource(folder, 'mirror'),
      path: file,
      limits: impatient,
      signal: new AbortController().signal,
    });
  const link = (target: string, from: string): void => symlinkSync(target, path.join(mirror, from));

  it('gives its files, and tells when there is none', async () => {
    assert.equal(await read('/v1/tool'), 'a tool');
    assert.equal(await read('/v2/tool'), undefined);
  });

  it('may be a link itself, and have folders that are links within it', async () => {
    symlinkSync(mirror, path.join(root, 'linked'));
    link('v1', 'latest');

    assert.equal(await read('/v1/tool', path.join(root, 'linked')), 'a tool');
    assert.equal(await read('/latest/tool'), 'a tool');
  });

  const refusals: readonly [string, () => void, RegExp][] = [
    ['a file that is a link to outside', () => link('../outside/tool', 'tool'), /mirror\/tool is a link; put a copy/],
    ['a file that is a link within', () => link('v1/tool', 'tool'), /mirror\/tool is a link; put a copy of the file/],
    ['a link to nothing', () => link('nowhere', 'tool'), /mirror\/tool is a link/],
    ['a device behind a link', () => link('/dev/zero', 'tool'), /mirror\/tool is a link/],
    ['a folder', () => void writeFiles(mirror, { 'tool/file': '' }), /mirror\/tool is no regular file/],
    ['a named pipe', () => void execFileSync('mkfifo', [path.join(mirror, 'tool')]), /mirror\/tool is no regular file/],
  ];
  for (const [what, make, says] of refusals) {
    it(`does not read ${what}`, async () => {
      make();
      await assert.rejects(read('/tool'), { name: 'TaskError', message: says });
    });
  }

  it('does not read through a folder that is a link to outside', async () => {
    link('../outside', 'out');

    await assert.rejects(read('/out/tool'), {
      name: 'TaskError',
      message: `${mirror}/out/tool lies outside of the folder that input mirror names (it really is ${root}/outside/tool): put a copy of it in its place.`,
    });
  });
});
