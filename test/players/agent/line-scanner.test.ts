import assert from 'node:assert/strict';
import { LineScanner } from '../../agent/line-scanner.ts';

function linesOf(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const scanner = new LineScanner((line) => lines.push(line));
  for (const chunk of chunks) scanner.push(Buffer.from(chunk));
  scanner.end();
  return lines;
}

describe('the lines of a process', () => {
  it('end at a newline, a carriage return, or both', () => {
    assert.deepEqual(linesOf('a\nb\r\nc\rd\n'), ['a', 'b', 'c', 'd']);
  });

  it('are joined over chunks', () => {
    assert.deepEqual(linesOf('on', 'e\ntw', 'o'), ['one', 'two']);
  });

  it('are not doubled when a line end is cut in two', () => {
    assert.deepEqual(linesOf('a\r', '\nb', '\r', '\n', 'c'), ['a', 'b', 'c']);
  });

  it('keep empty lines', () => {
    assert.deepEqual(linesOf('a\n\nb\n'), ['a', '', 'b']);
  });

  it('keep a character that is cut in two', () => {
    const bytes = Buffer.from('Grüße\n');
    assert.deepEqual(linesOf(bytes.subarray(0, 3), bytes.subarray(3)), ['Grüße']);
  });
});
