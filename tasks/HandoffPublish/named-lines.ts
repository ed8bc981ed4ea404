import { refuseTwins } from '../common/handoff/index.ts';
import { TaskError } from '../common/task/outcome.ts';

/**
 * The `name=value` lines of an input, without empty ones and without spaces around name and value.
 * @throws TaskError when a line has no `=`, or two lines have one name.
 */
export function namedLines(text: string | undefined, input: string): (readonly [name: string, value: string])[] {
  const lines = (text ?? '').split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }));
  const pairs = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const [, name, value] = /^([^=]*)=(.*)$/s.exec(line)?.map((part) => part.trim()) ?? [];
      // The line itself is not shown: it may be a secret in the wrong place.
      if (!name || value === undefined) {
        throw new TaskError(`Line ${number} of input ${input} is not of the form name=value.`);
      }
      return [name, value] as const;
    });
  refuseTwins(
    pairs.map(([name]) => name),
    input,
  );
  return pairs;
}
