import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import type { Secret } from '../task/secrets.ts';
import { type PathValue, readPath } from './path.ts';

/** Of one source of values, in bytes. */
export const largestSource = 1024 * 1024;

/** @throws TaskError when the text is larger than a source may be */
export function checkSize(text: string, source: string): string {
  if (Buffer.byteLength(text) <= largestSource) return text;
  throw new TaskError(`${source} has more than the ${largestSource} bytes that one source of values may have.`);
}

/**
 * The `path=value` lines of an input. The value is what stands behind the first `=` that is not part of the path, up to
 * the line's end, as it stands. Lines without anything are skipped.
 * @param secrets of the job: one of several lines, which the agent wrote in the place of its macro, is within one value
 * @throws TaskError with the number of the line, and nothing of it
 */
export function assignmentsIn({ input, value }: Given<string | undefined>, secrets: readonly Secret[]): PathValue[] {
  const lines = linesOf(checkSize(value ?? '', `Input ${input}`), secrets);
  return lines
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, number }) => {
      const at = `Line ${number} of input ${input}`;
      const line = text.trimStart();
      const { path, end } = readPath(line, '=', at);
      if (line[end] !== '=') throw new TaskError(`${at} is not of the form path=value: it has no = behind a path.`);
      return { path, value: line.slice(end + 1), at };
    });
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

function linesOf(text: string, secrets: readonly Secret[]): Line[] {
  const wholes = stretchesOf(text, secrets);
  const isInside = (place: number): boolean => wholes.some(({ from, to }) => place >= from && place < to);
  const lines: Line[] = [];
  let [begin, number, breaks] = [0, 1, 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    breaks += 1;
    if (isInside(at)) continue;
    const end = text[at - 1] === '\r' && at > begin && !isInside(at - 1) ? at - 1 : at;
    lines.push({ text: text.slice(begin, end), number });
    begin = at + 1;
    number = breaks + 1;
  }
  return [...lines, { text: text.slice(begin), number }];
}

/** Where known secrets of several lines stand. */
function stretchesOf(text: string, secrets: readonly Secret[]): { from: number; to: number }[] {
  const values = secrets.map(({ value }) => value).filter((value) => /\n./s.test(value.trim()));
  const forms = new Set(values.flatMap((value) => [value, value.replaceAll('\r\n', '\n'), value.trimEnd()]));
  return [...forms].flatMap((form) => {
    const found = [];
    for (let from = text.indexOf(form); from >= 0; from = text.indexOf(form, from + form.length))
      found.push({ from, to: from + form.length });
    return found;
  });
}
