import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesClient } from '../cluster/client.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { ReleaseWatch } from '../watching/release-watch.ts';
import { confirmed } from './confirm.ts';
import type { Look } from './rounds.ts';
import { openOf, Settling, type SettlingTimes } from './settling.ts';
import { namesOf } from './statuses.ts';

/** What settling is watched with. */
export interface SettleTools {
  seen(): Look;
  /** What cannot mend itself. */
  vain(look: Look): Finding | undefined;
  readonly watch: Pick<ReleaseWatch, 'onChange'>;
  readonly client: Pick<KubernetesClient, 'get'>;
  readonly times: SettlingTimes;
  readonly tickMs: number;
  say(line: string, now: number): void;
}

/**
 * Waits until a release that helm calls deployed is as it should be.
 * @returns what is not; undefined when all is well @throws the signal's reason
 */
export async function settle(tools: SettleTools, signal: AbortSignal): Promise<string | undefined> {
  const settling = new Settling(tools.times);
  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const look = tools.seen();
    const { view, statuses, now, clusterNow } = look;
    const state = settling.look(statuses, view, now);
    if (state === 'well') return undefined;
    const finding = tools.vain(look);
    if (state === 'in vain' || finding !== undefined) {
      const open = await confirmed(openOf(statuses), view, tools.client, new Date(clusterNow));
      if (open.length === 0) return undefined;
      return `helm calls revision ${view.revision} deployed, but it is not all there: ${namesOf(open)}.`;
    }
    // Most often it is a matter of moments.
    if (looks === 1) tools.say(`helm is done; still waited for: ${namesOf(openOf(statuses))}.`, now);
    await nextChange(tools, signal);
  }
}

async function nextChange({ watch, tickMs }: SettleTools, signal: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const deaf = watch.onChange(() => changed.abort());
  await pause(tickMs, undefined, { signal: AbortSignal.any([signal, changed.signal]) }).catch(() => undefined);
  deaf();
}
