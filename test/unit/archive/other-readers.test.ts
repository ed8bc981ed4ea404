import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { inspectArchive } from '../../../tasks/common/chart/archive/inspect.ts';
import { paxFacts } from '../../../tasks/common/archive/pax.ts';
import { refusalOf } from '../chart/refusal.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';
import { gzipInForm } from './gzip-forms.ts';
import { magics, rawBlock, rawPax, tarOfBlocks } from './raw-tar.ts';
import { differences } from './recorded-differences.ts';

const chart = rawBlock({ name: 'app/Chart.yaml' }, 'apiVersion: v2\nname: app\nversion: 1.2.3\n');

describe('a chart archive that another program would read differently', () => {
  const scratch = new ScratchFolder();

  for (const { what, archive, reason } of differences) {
    it(`is refused: ${what}`, async () => {
      const file = await scratch.file(gzipSync(archive));
      assert.match(await refusalOf(() => inspectArchive(file)), reason);
    });
  }

  for (const form of ['longer name', 'comment', 'reserved flag'] as const) {
    it(`is refused: a gzip header with a ${form} that Go does not take`, async () => {
      const file = await scratch.file(gzipInForm(tarOfBlocks([chart]), form));
      assert.match(await refusalOf(() => inspectArchive(file)), /gzip/);
    });
  }

  it('is none of these, which stay good', async () => {
    const blocks = [
      chart,
      rawBlock({ name: 'app/gnu', magic: magics.gnu, atime: '14730000000\0', ctime: '14730000000\0' }, 'g'),
      rawBlock({ name: 'app/v7', magic: magics.v7, type: '\0' }, 'v'),
      rawBlock({ name: 'app/old', mode: '0100644' }, 'o'),
      rawBlock({ name: 'app/t/', type: '5', mode: '0040755' }),
      rawBlock({ name: 'app/user', uid: '\x80\0\0\0\x49\x96\x02\xd2' }, 'u'),
      rawPax([['path', 'app/pax'], ['uid', '1234567890'], ['uname', 'someone'], ['LIBARCHIVE.creationtime', '1.5'], ['SCHILY.xattr.user.x', '\xff\0']]), // prettier-ignore
      rawBlock({ name: 'x' }, 'p'),
    ];
    for (const end of [512, 1024, 10_240]) {
      const file = await scratch.file(gzipSync(tarOfBlocks(blocks, 'unsigned', end)));
      assert.equal((await inspectArchive(file)).entries, 7);
    }
  });
});

describe('the time in a pax header', () => {
  for (const [text, seconds] of [
    ['1.99999999999999999999', 1],
    ['1.', 1],
    ['-0.5', -1],
    ['-1.5', -2],
    ['-1', -1],
    ['-1.0000000001', -1],
  ] as const) {
    it(`${text} is second ${seconds}, as Go has it`, () => {
      assert.equal(paxFacts(rawPax([['mtime', text]]).body).mtime, seconds);
    });
  }
});
