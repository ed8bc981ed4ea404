import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesClient } from '../cluster/client.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { ReleaseWatch } from '../watching/release-watch.ts';
import { confirmed } from './confirm.ts';
import { warnOfDeadServices } from './dead-services.ts';
import { visible } from '../text/shown.ts';
import type { Narrator } from './narrator.ts';
import type { Look } from './rounds.ts';
import { Settling, type SettlingTimes } from './settling.ts';
import { namesOf, type Status } from './statuses.ts';

/** Of the reason, whatever names are in it. In characters. */
const longest = 1000;

/** What settling is watched with. */
export interface SettleTools {
  seen(): Look;
  /** What cannot mend itself. */
  vain(look: Look): Finding | undefined;
  /** Whether something is not ready as before, and no matter of this roll-out. */
  isLeftAlone(status: Status, look: Look): boolean;
  readonly watch: Pick<ReleaseWatch, 'onChange' | 'lookUp'>;
  readonly client: Pick<KubernetesClient, 'get'>;
  readonly times: SettlingTimes;
  readonly tickMs: number;
  readonly narrator: Pick<Narrator, 'say' | 'warn'>;
}

/**
 * Waits until a release that helm calls deployed is as it should be, and warns of what is not that nobody waits for.
 * @returns what is not; undefined when all is well @throws the signal's reason
 */
export async function settle(tools: SettleTools, signal: AbortSignal): Promise<string | undefined> {
  const settling = new Settling(tools.times);
  for (let looks = 0; ; looks += 1) {
    signal.throwIfAborted();
    const look = tools.seen();
    const { view, statuses, now, clusterNow } = look;
    const counting = statuses.filter((status) => !tools.isLeftAlone(status, look));
    const { is, open, lost } = settling.look(counting, tools.vain(look), view, now);
    if (is === 'well') {
      await warnOfDeadServices(tools.watch, () => tools.seen(), tools.narrator);
      return undefined;
    }
    const bad = await confirmed(lost, view, tools.client, new Date(clusterNow), signal);
    // Who was cancelled while asking has no answer.
    signal.throwIfAborted();
    if (bad.length > 0) {
      return visible(
        `helm calls revision ${view.revision} deployed, but it is not all there: ${namesOf(bad)}.`,
        longest,
      );
    }
    if (is === 'over') {
      tools.narrator.say(
        `The time is up; helm is content, and nothing speaks against what goes on: ${namesOf(open)}.`,
        now,
      );
      return undefined;
    }
    // Most often it is a matter of moments.
    if (looks === 1 && open.length > 0) tools.narrator.say(`helm is done; still waited for: ${namesOf(open)}.`, now);
    await nextChange(tools, signal);
  }
}

async function nextChange({ watch, tickMs }: SettleTools, signal: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const deaf = watch.onChange(() => changed.abort());
  await pause(tickMs, undefined, { signal: AbortSignal.any([signal, changed.signal]) }).catch(() => undefined);
  deaf();
}
