import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inspectArchive } from '../../../tasks/common/chart/archive/inspect.ts';
import { makeReproducible } from '../../../tasks/common/chart/archive/reproducible.ts';
import { unpackArchive } from '../../../tasks/common/chart/archive/unpack.ts';
import { chartWith, paxEntry, tarEntry, chartYamlEntry } from './hostile-archive.ts';
import { ScratchFolder } from './scratch-folder.ts';

const cancelled = new Error('The run was cancelled.');

/** A cancel that comes as soon as anybody lets the event loop turn. */
function cancelSoon(): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(cancelled));
  return controller.signal;
}

describe('a cancel is heard while an archive is', () => {
  const scratch = new ScratchFolder();

  it('made reproducible: when all of it was read, and it is written', async () => {
    const controller = new AbortController();
    const file = await scratch.file(chartWith({ name: 'app/last' }));
    const leaveOut = ([name]: readonly string[]): boolean => {
      if (name === 'last') controller.abort(cancelled);
      return false;
    };
    const made = makeReproducible(file, `${file}.out`, new Date(0), {
      leaveOut,
      limits: { signal: controller.signal },
    });
    await assert.rejects(made, cancelled);
    assert.equal(existsSync(`${file}.out`), false);
  });

  const large = chartWith({ name: 'app/large', body: Buffer.alloc(32 * 1024 * 1024) });
  const manySmall = Buffer.concat([
    gzipSync(tarEntry(chartYamlEntry)),
    gzipSync(Buffer.concat(Array.from({ length: 20_000 }, () => tarEntry(paxEntry({ comment: 'c' }, 'g'))))),
  ]);

  for (const [what, work] of [
    ['inspected', (file: string) => inspectArchive(file, { signal: cancelSoon() })],
    [
      'made reproducible',
      (file: string) => makeReproducible(file, `${file}.out`, new Date(0), { limits: { signal: cancelSoon() } }),
    ],
    ['unpacked', (file: string) => unpackArchive(file, `${file}.folder`, { signal: cancelSoon() })],
  ] as const) {
    for (const [kind, archive] of [
      ['one large file', large],
      ['many headers', manySmall],
    ] as const) {
      it(`${what}: ${kind}`, async () => {
        const file = await scratch.file(archive);
        await assert.rejects(() => work(file), cancelled);
      });
    }
  }
});
