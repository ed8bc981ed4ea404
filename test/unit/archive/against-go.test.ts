import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { walkArchive } from '../../../tasks/common/chart/archive/walk.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';
import { GoReader, hasGo, type ReadFile, type Reading } from './go-reader.ts';
import { gzipForms, gzipInForm } from './gzip-forms.ts';
import { differences } from './recorded-differences.ts';
import {
  type Checksum,
  type Field,
  fields,
  magics,
  type RawBlock,
  rawBlock,
  rawPax,
  setField,
  tarOfBlocks,
} from './raw-tar.ts';

const interesting = [
  '', '\0', ' ', '0', '7', '8', 'x', '\x80', '\xff', '/', 'app/', 'app/z', 'app/z/', 'tar\0', '0000644\0', '0040755\0', '0100644\0',
  '0120777\0', '   644 \0', '644\0junk', '00000000005', '00000000005\0', '00000000000 ', '77777777777\0', '+5', '-5', '0x5', '5 5',
  '\x80\0\0\0\0\0\0\0\0\0\0\x05', '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', '\x80\0\0\0\0\0\0\x05', ...Object.values(magics),
  'ustar\0\0\0', 'ustar 00',
] as const; // prettier-ignore

const paxValues = [
  '',
  'app/p',
  'app/p/',
  'a\0b',
  '0',
  '5',
  '-5',
  '+5',
  '0005',
  '1.5',
  '-0.5',
  '1.99999999999999999999',
  '1.',
  '.5',
  '9'.repeat(19),
];
const paxKeys = ['path', 'linkpath', 'size', 'uid', 'gid', 'uname', 'gname', 'mtime', 'atime', 'ctime', 'comment', 'hdrcharset', '', 'a\0b',
  'GNU.sparse.major', 'GNU.sparse.minor', 'GNU.sparse.name', 'GNU.sparse.map', 'GNU.sparse.numblocks', 'GNU.sparse.realsize', 'SCHILY.xattr.user.x']; // prettier-ignore

const records = fc.array(fc.tuple(fc.constantFrom(...paxKeys), fc.constantFrom(...paxValues)), {
  minLength: 1,
  maxLength: 3,
});
const extension = fc.oneof(
  records.map((list) => rawPax(list)),
  records.map((list) => rawPax(list, 'g')),
  fc.constant(rawPax([['comment', '0123']], 'g')),
  fc
    .tuple(
      fc.constantFrom('L', 'K', 'x', 'g'),
      fc.constantFrom('app/long\0', 'app/long', '', '\0', 'app/l\0ong', 'app/l/'),
    )
    .map(([type, body]) => rawBlock({ name: '././@LongLink', type, magic: magics.gnu }, body)),
);

type Change = (blocks: RawBlock[]) => RawBlock[];

const fieldNames = Object.keys(fields) as Field[];
/** Nothing is changed of Chart.yaml itself, so that there is something to read. */
const changeField = fc
  .tuple(fc.nat(), fc.constantFrom(...fieldNames), fc.constantFrom(...interesting))
  .map(([at, field, value]): Change => (blocks) => {
    const header = blocks[at % blocks.length]?.header;
    if (header !== undefined) setField(header, field, value);
    return blocks;
  });
const changeByte = fc.tuple(fc.nat(), fc.nat(511), fc.nat(255)).map(([at, offset, byte]): Change => (blocks) => {
  blocks[at % blocks.length]?.header.writeUInt8(byte, offset);
  return blocks;
});
const insert = fc.tuple(fc.nat(), extension).map(
  ([at, { header, body }]): Change =>
    (blocks) =>
      blocks.toSpliced(at % (blocks.length + 1), 0, { header: Buffer.from(header), body }),
);
const changes = fc.array(
  fc.oneof({ weight: 4, arbitrary: changeField }, changeByte, { weight: 3, arbitrary: insert }),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const checksums = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Checksum>('unsigned') },
  fc.constantFrom<Checksum>('signed', 'base-256', 'none'),
);
const ends = fc.oneof({ weight: 20, arbitrary: fc.constant(1024) }, fc.constantFrom(0, 100, 512, 700, 1023, 5120));
const packings = fc.oneof({ weight: 10, arbitrary: fc.constant('plain' as const) }, fc.constantFrom(...gzipForms));

function sample(): RawBlock[] {
  return [
    rawBlock({ name: 'app/Chart.yaml' }, 'name: app\n'),
    rawBlock({ name: 'app/templates/', type: '5' }),
    rawBlock({ name: 'a.yaml', prefix: 'app/templates' }, 'x'.repeat(600)),
    rawBlock({ name: 'app/gnu', magic: magics.gnu }, 'g'),
    rawBlock({ name: 'app/v7', magic: magics.v7, type: '\0' }, 'v'),
    rawBlock({ name: 'app/last' }, 'last'),
  ];
}

describe('a chart archive that is accepted holds for Go the same files:', () => {
  const scratch = new ScratchFolder();
  let go: GoReader | undefined;

  before(function () {
    // Go comes with no operating system; where it is missing, the recorded differences below it still hold.
    if (!hasGo()) this.skip();
    this.timeout(300_000);
    go = new GoReader();
  });
  after(() => go?.close());

  const goReads = (archive: Uint8Array): Promise<Reading> => go?.read(archive) ?? Promise.reject(new Error('no Go'));

  async function weRead(archive: Uint8Array): Promise<Reading> {
    const files: ReadFile[] = [];
    try {
      await walkArchive(await scratch.file(archive), {}, async ({ parts, mtime, body }) => {
        const hash = createHash('sha256');
        for await (const chunk of body) hash.update(chunk);
        files.push({ name: parts.join('/'), content: hash.digest('hex'), time: mtime });
      });
      return { files };
    } catch (error) {
      if (error instanceof TaskError) return { error: error.message };
      throw error;
    }
  }

  // One seed for all, so that a change is to blame for a failure, and one of today's, which a failure names.
  for (const [which, seed] of [
    ['always the same', 20261122],
    ['new every time', undefined],
  ] as const) {
    it(`with changed headers, ${which}`, async () => {
      let accepted = 0;
      const property = fc.asyncProperty(changes, checksums, ends, packings, async (all, checksum, end, packing) => {
        const blocks = all.reduce((held, change) => change(held), sample());
        const archive = gzipInForm(tarOfBlocks(blocks, checksum, end), packing);
        const ours = await weRead(archive);
        if ('error' in ours) return;
        accepted += 1;
        assert.deepEqual(await goReads(archive), ours);
      });
      await fc.assert(property, { numRuns: 2000, ...(seed === undefined ? {} : { seed }) });
      assert.ok(accepted > 200, `only ${accepted} were accepted`);
    });
  }

  for (const { what, archive, go: expected } of differences) {
    it(`which is why ${what} is refused`, async () => {
      const reading = await goReads(gzipSync(archive));
      assert.equal('error' in reading ? 'refused' : reading.files.map(({ name }) => name).join(' '), expected);
    });
  }
});
