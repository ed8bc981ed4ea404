/**
 * Declares a test for each case. All of their work is begun with the first test, a few cases at a time, since each
 * mostly waits for a process of its own.
 */
export function together<Case, Result>(
  cases: Readonly<Record<string, Case>>,
  work: (one: Case) => Promise<Result>,
  check: (result: Result, one: Case) => void | Promise<void>,
  width = 4,
): void {
  const results = new Map<string, Promise<Result>>();
  before(() => {
    const inTurn = turns(width);
    for (const [name, one] of Object.entries(cases)) {
      const result = inTurn(() => work(one));
      result.catch(() => undefined);
      results.set(name, result);
    }
  });
  for (const [name, one] of Object.entries(cases)) {
    it(name, async () => {
      const result = results.get(name);
      if (result === undefined) throw new Error(`The work for '${name}' was not begun.`);
      await check(await result, one);
    });
  }
}

/** Lets so many work at a time, in the order in which they came. */
function turns(width: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
