import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { linesOf } from '../../../tasks/common/text/lines.ts';

async function linesIn(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) lines.push(line);
  return lines;
}

describe('lines of a program', () => {
  it('end with either kind of line end, wherever the chunks are cut', async () => {
    assert.deepEqual(await linesIn('one\ntw', 'o\r', '\nthree'), ['one', 'two', 'three']);
    assert.deepEqual(await linesIn('a\n\nb\n'), ['a', '', 'b']);
    assert.deepEqual(await linesIn(), []);
  });

  it('keep characters whole that chunks cut', async () => {
    const bytes = Buffer.from('größe 🚀\n');
    assert.deepEqual(await linesIn(...Array.from(bytes, (byte) => Uint8Array.of(byte))), ['größe 🚀']);
    assert.deepEqual(await linesIn(bytes.subarray(0, -3)), ['größe \ufffd']);
  });

  it('are cut when they do not end', async () => {
    const lines = await linesIn(...Array.from({ length: 40 }, () => 'x'.repeat(10_000)));
    assert.ok(lines.every((line) => line.length <= 80_000));
    assert.equal(lines.join('').length, 400_000);
  });
});
