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
    const running: Promise<unknown>[] = [];
    for (const [index, [name, one]] of Object.entries(cases).entries()) {
      const turn = index < width ? Promise.resolve() : running[index - width];
      const result = Promise.resolve(turn).then(() => work(one));
      running.push(result.catch(() => undefined));
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
