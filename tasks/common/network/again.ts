import { setTimeout as pause } from 'node:timers/promises';

/** A transfer that broke off, or was spoilt on its way: the same may come through the next time. */
export class BrokenTransfer extends Error {
  override readonly name = 'BrokenTransfer';
}

/**
 * Does work that may throw BrokenTransfer, again from its beginning when it did.
 * @param pauseMs the wait before the second attempt; the others wait a multiple of it
 * @throws the last BrokenTransfer, and whatever else `work` throws; the signal's reason on cancel
 */
export async function again<Result>(
  work: () => Promise<Result>,
  { attempts, pauseMs, signal }: { readonly attempts: number; readonly pauseMs: number; readonly signal: AbortSignal },
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof BrokenTransfer) || attempt >= attempts) throw error;
    }
    await pause(pauseMs * attempt, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
