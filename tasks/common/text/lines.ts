import { StringDecoder } from 'node:string_decoder';
import { cutOutsideSecrets, masked } from './shown.ts';

/** A longer line comes in pieces, none of which ends within a known secret: a program that never ends its line must not fill the memory. */
const longestLine = 64 * 1024;

/** The lines of a program's output as they come, without their ends. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
    for (let cut = pieceOf(rest); cut !== undefined; cut = pieceOf(rest)) {
      yield rest.slice(0, cut);
      rest = rest.slice(cut);
    }
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

/** How much of a line without an end may go on its way. */
function pieceOf(rest: string): number | undefined {
  return rest.length > longestLine ? cutOutsideSecrets(rest, longestLine) : undefined;
}

/** The lines of an input that hold something, trimmed. */
export function filledLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The first line of a foreign text, as an error message shows it, with known secrets masked. @param longest in characters */
export function firstLine(text: string, longest = 300): string {
  return (masked(text).split(/[\r\n]/, 1)[0] ?? '').slice(0, longest);
}
