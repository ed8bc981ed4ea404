import type { FunctionOfRun } from '../expressions/functions.ts';
import { needNumber, needText } from '../expressions/value.ts';
import type { Counters } from './run-context.ts';
import type { Surroundings } from './run-variables.ts';

/** Adds `counter(prefix, seed)`, which only values of variables may have. Each prefix counts for itself, from its seed. */
export function countingWith(surroundings: Surroundings, counters: Counters): Surroundings {
  const counter: FunctionOfRun = {
    from: 0,
    to: 2,
    play: (prefix = '', seed = 0) => {
      const key = needText(prefix).toLowerCase();
      const value = counters.get(key) ?? needNumber(seed);
      counters.set(key, value + 1);
      return value;
    },
  };
  return { ...surroundings, functions: new Map([...(surroundings.functions ?? []), ['counter', counter]]) };
}
