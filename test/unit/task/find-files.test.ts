import assert from 'node:assert/strict';
import path from 'node:path';
import { findFiles } from '../../../tasks/common/task/find-files.ts';
import { type FileContent, writeFiles } from '../../bench/write-files.ts';
import { refusalOf } from '../chart/refusal.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';

const files: Record<string, FileContent> = {
  's/1.tgz': '',
  's/a/2.tgz': '',
  's/a/b/.3.tgz': '',
  's/we[i]rd (1)/4.tgz': '',
  's/c/note.txt': '',
  'x/5.tgz': '',
};
const links: Record<string, FileContent> = {
  's/c/out': { link: '../../x' },
  's/a/b/up': { link: '..' },
  's/a/broken': { link: 'nothing' },
  's/6.tgz': { link: 'a/2.tgz' },
};

describe('the files that patterns name', () => {
  const scratch = new ScratchFolder();

  async function found(
    patterns: string[],
    more: Record<string, FileContent> = {},
    signal = AbortSignal.timeout(60_000),
  ) {
    const folder = writeFiles(scratch.fresh('tree'), { ...files, ...more });
    const root = path.join(folder, 's');
    const whole = patterns.map((pattern) => pattern.replace(/^(!?)/, `$1${root}/`));
    return (await findFiles(whole, signal)).map((file) => path.relative(root, file));
  }

  for (const [patterns, expected] of [
    [['*.tgz'], ['1.tgz']],
    [['**/*.tgz'], ['1.tgz', 'a/2.tgz', 'a/b/.3.tgz', 'we[i]rd (1)/4.tgz']],
    [
      ['**/*.tgz', '!a/**'],
      ['1.tgz', 'we[i]rd (1)/4.tgz'],
    ],
    [
      ['{a,nothing}/*.tgz', '[0-9].tgz'],
      ['1.tgz', 'a/2.tgz'],
    ],
    [['we[i]rd (1)/4.tgz'], ['we[i]rd (1)/4.tgz']],
    [['nothing/**', 'nothing.tgz', 'a'], []],
  ] as const) {
    it(`${patterns.join(' ')} are ${expected.join(', ') || 'none'}`, async () => {
      assert.deepEqual(await found([...patterns]), expected);
    });
  }

  if (process.platform === 'win32') return;

  it('may lie behind links, which may lead round in a circle', async () => {
    assert.deepEqual(await found(['**/*.tgz'], links), [
      '1.tgz',
      '6.tgz',
      'a/2.tgz',
      'a/b/.3.tgz',
      'c/out/5.tgz',
      'we[i]rd (1)/4.tgz',
    ]);
  });

  it('are given up where links lead to the same folders again and again', async () => {
    const levels = [...Array(40).keys()].flatMap((level) =>
      ['one', 'two'].map((name) => [`s/f/${level}/${name}`, { link: `../${level + 1}` }] as const),
    );
    const refusal = await refusalOf(() => found(['**/*.tgz'], { ...Object.fromEntries(levels), 's/f/40/x': '' }));
    assert.match(refusal, /^Links lead to more than 10000 files and folders, such as .*: give a pattern that does not/);
  });

  it('are looked for no longer when the run is cancelled', async () => {
    await assert.rejects(found(['**/*.tgz'], {}, AbortSignal.abort(new Error('The run was cancelled.'))), /cancelled/);
  });
});
