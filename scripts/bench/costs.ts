import type { Azure, RecordedRequest } from '../../test/azure/index.ts';
import { median } from './start-times.ts';

/** What one run of something cost. */
export interface Cost {
  readonly ms: number;
  readonly requests: number;
  /** Of the longest chain of requests of which each began after the one before it had ended. */
  readonly rounds: number;
}

/** Measures `work`, which returns its own time in ms if it knows it better. */
export async function costOf(azure: Azure, work: () => Promise<number | void>): Promise<Cost> {
  const before = azure.requests.length;
  const started = performance.now();
  const own = await work();
  const ms = own ?? performance.now() - started;
  const requests = azure.requests.slice(before).filter(({ method }) => method !== 'CONNECT');
  return { ms, requests: requests.length, rounds: longestChain(requests) };
}

/** The medians of several runs of the same. */
export function typical(costs: readonly Cost[]): Cost {
  return {
    ms: median(costs.map(({ ms }) => ms)),
    requests: median(costs.map(({ requests }) => requests)),
    rounds: median(costs.map(({ rounds }) => rounds)),
  };
}

function longestChain(requests: readonly RecordedRequest[]): number {
  const inOrder = requests.toSorted((a, b) => a.begun - b.begun);
  const lengths: number[] = [];
  for (const [index, request] of inOrder.entries()) {
    const before = lengths.filter((_length, other) => (inOrder[other]?.ended ?? Infinity) <= request.begun);
    lengths[index] = 1 + Math.max(0, ...before);
  }
  return Math.max(0, ...lengths);
}
