import { messageOf, TaskError } from './outcome.ts';

/** Of several items some failed. */
export class SomeFailed extends TaskError {
  constructor(
    /** Items that were done. */
    readonly done: number,
    reasons: readonly string[],
  ) {
    super(reasons.join('\n'));
  }
}

/**
 * Works on all items, at most `width` at a time. After a failure nothing new is started, and what is under way ends.
 * @returns the results in the order of the items.
 * @throws the failure of a single item, else SomeFailed.
 */
export async function eachInParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results.set(index, await work(item));
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length === 0)
    return items.map((_item, index) => results.get(index)).filter((result) => result !== undefined);
  if (items.length === 1) throw failures[0];
  throw new SomeFailed(results.size, [...new Set(failures.map(messageOf))]);
}

/** The same work, of which no more than `width` is under way at a time; the rest waits its turn. */
export function atMost<Arguments extends unknown[], Result>(
  width: number,
  work: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = width;
  return async (...args) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work(...args);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
