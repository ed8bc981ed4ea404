import { messageOf, TaskError } from '../common/task/errors.ts';

/**
 * Works on all items, at most `width` at a time. After a failure nothing new is started, and what is under way ends.
 * @returns the results in the order of the items.
 * @throws the failure, with how many items were done before it.
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
  const reasons = [...new Set(failures.map(messageOf))].join('\n');
  throw new TaskError(
    `${results.size} of ${items.length} charts are in the registry; run the step again for the others. ${reasons}`,
  );
}
