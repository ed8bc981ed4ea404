import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { inspectArchive } from '../../../tasks/common/chart/archive/inspect.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { chartWith, paxEntry } from './hostile-archive.ts';
import { ScratchFolder } from './scratch-folder.ts';

const archive = chartWith(
  { name: 'app/templates', type: '5' },
  { name: 'app/templates/a.yaml', body: 'a: 1\n'.repeat(200) },
  paxEntry({ path: 'app/größe.txt', mtime: '1700000000.5' }),
  { name: 'x', body: 'x' },
  { name: '././@LongLink', type: 'L', body: `app/${'n'.repeat(150)}\0` },
  { name: 'n', body: 'n' },
);
const tar = gunzipSync(archive);

describe('a chart archive with changed bytes', () => {
  const scratch = new ScratchFolder();

  /** Header blocks are where the bytes matter most. */
  const damages = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.constantFrom(0, 0x20, 0x2f, 0x37, 0x78, 0x80, 0xff)), {
    minLength: 1,
    maxLength: 4,
  });

  async function isAcceptedOrRefused(bytes: Uint8Array): Promise<void> {
    await inspectArchive(await scratch.file(bytes)).catch((error: unknown) => {
      if (!(error instanceof TaskError)) throw error;
    });
  }

  it('is accepted or refused, and never an error of this program', async () => {
    await fc.assert(
      fc.asyncProperty(damages, fc.boolean(), async (changes, mendsChecksums) => {
        const damaged = Buffer.from(tar);
        for (const [at, byte] of changes) damaged[at] = byte;
        if (mendsChecksums) for (const [at] of changes) mendChecksum(damaged, at - (at % 512));
        await isAcceptedOrRefused(gzipSync(damaged, { level: 1 }));
      }),
      { numRuns: 300 },
    );
  });

  it('is never accepted cut short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), async (end) => {
        const accepted = await inspectArchive(await scratch.file(archive.subarray(0, end))).then(
          () => true,
          (error: unknown) => !(error instanceof TaskError),
        );
        return !accepted;
      }),
    );
  });
});

/** Makes the block a header again for a reader that checks. */
function mendChecksum(bytes: Buffer, start: number): void {
  bytes.write('        ', start + 148);
  const sum = bytes.subarray(start, start + 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, start + 148);
}
