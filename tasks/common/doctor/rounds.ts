import type { ReleaseWatch } from '../watching/release-watch.ts';
import type { ReleaseView } from '../watching/view.ts';
import type { ContainerLogs } from './container-logs.ts';
import { LiveLines, type Manners } from './live-lines.ts';
import type { Narrator } from './narrator.ts';
import { restAfter } from './rest.ts';
import { type Status, statusesOf, summaryOf } from './statuses.ts';

/** What is seen at a look. Times in ms, `now` by this machine, `clusterNow` by the API server. */
export interface Look {
  readonly view: ReleaseView;
  readonly statuses: readonly Status[];
  readonly now: number;
  readonly clusterNow: number;
}

/** What rounds are made of. */
export interface RoundsTools {
  readonly watch: Pick<ReleaseWatch, 'view' | 'onChange'>;
  readonly logs: ContainerLogs;
  readonly narrator: Narrator;
  readonly manners: Manners;
  /** Between two looks where nothing changes, in ms. */
  readonly tickMs: number;
  /** By this machine, when the watch began. */
  readonly begunAt: number;
}

/** Looks at a release again and again, and tells what is new. */
export class Rounds {
  readonly #tools: RoundsTools;
  readonly #lines: LiveLines;
  readonly #startedAt: number;
  #isBlindTold = false;
  /** Until what failed is undone. */
  #isFirstChapter = true;
  #isReading = false;

  constructor(tools: RoundsTools) {
    this.#tools = tools;
    this.#lines = new LiveLines(tools.manners);
    const { statuses, now } = this.seen();
    this.#startedAt = now;
    tools.narrator.lastAt = now;
    for (const line of this.#lines.begin(statuses, now)) tools.narrator.say(line, now);
  }

  seen(): Look {
    const view = this.#tools.watch.view();
    const now = Date.now();
    const ahead = view.clockAheadMs ?? view.since.getTime() - this.#tools.begunAt;
    const clusterNow = now + ahead;
    return { view, statuses: statusesOf(view, new Date(clusterNow)), now, clusterNow };
  }

  /**
   * Looks whenever something changed, and now and then.
   * @param seen what else is to be done with a look @param broken told what went wrong @returns the way to stop it
   */
  start(seen: (look: Look) => void, broken: (error: unknown) => void): () => void {
    const { watch, tickMs } = this.#tools;
    let later: NodeJS.Timeout | undefined;
    let nextAt = 0;
    const round = (): void => {
      // Not by the time, which may be set back meanwhile.
      const begunAt = performance.now();
      if (begunAt < nextAt) {
        later ??= setTimeout(() => {
          // A timer may ring a little early.
          later = undefined;
          round();
        }, nextAt - begunAt);
        return;
      }
      clearTimeout(later);
      later = undefined;
      try {
        seen(this.look());
        this.#readLogs().catch(broken);
      } catch (error) {
        broken(error);
      }
      const endedAt = performance.now();
      nextAt = endedAt + restAfter(endedAt - begunAt);
    };
    const deaf = watch.onChange(round);
    const timer = setInterval(round, tickMs);
    return () => {
      clearInterval(timer);
      clearTimeout(later);
      deaf();
    };
  }

  /** Tells what is new now. */
  look(): Look {
    const look = this.seen();
    const { narrator, manners } = this.#tools;
    this.#tellBlind(look);
    for (const line of this.#lines.look(look.statuses, look.now)) narrator.say(line, look.now);
    if (look.now - narrator.lastAt >= manners.beatMs) {
      const seconds = Math.round((look.now - this.#startedAt) / 1000);
      narrator.say(`After ${seconds} s: ${summaryOf(look.statuses)}.`, look.now);
    }
    return look;
  }

  /** Tells what failing containers printed since. */
  async #readLogs(): Promise<void> {
    if (this.#isReading || !this.#isFirstChapter) return;
    this.#isReading = true;
    try {
      for (const line of await this.#tools.logs.look(Date.now())) this.#tools.narrator.say(line, Date.now());
    } finally {
      this.#isReading = false;
    }
  }

  /**
   * What failed is undone from here on: what its containers print counts no longer, and what a diagnosis could not look up
   * is the page's to tell.
   */
  newChapter(): void {
    this.#isFirstChapter = false;
    this.#lines.newChapter();
  }

  /** Once: the page has all of it, and more lines would hide what is seen. */
  #tellBlind({ view, now }: Look): void {
    const [sentence] = view.blind;
    if (sentence === undefined || this.#isBlindTold || !this.#isFirstChapter) return;
    this.#isBlindTold = true;
    this.#tools.narrator.say(`Not all of the roll-out is seen. ${sentence}`, now);
  }
}
