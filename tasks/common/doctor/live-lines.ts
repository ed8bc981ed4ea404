import { byTrouble, isAwaited, lineOf, type Status, summaryOf } from './statuses.ts';

/** How much is said. Times in ms. */
export interface Manners {
  /** What is on its way is said when it stayed so, or when it went on for `longestHoldMs`. */
  readonly holdMs: number;
  readonly longestHoldMs: number;
  /** A sign of life after so long without a line. */
  readonly beatMs: number;
  /** Lines that may come at once, and how long it takes until there may be one more. */
  readonly burst: number;
  readonly lineMs: number;
  /** Between two counts of what was not said. */
  readonly countMs: number;
}

export const usualManners: Manners = {
  holdMs: 1500,
  longestHoldMs: 5000,
  beatMs: 30_000,
  burst: 10,
  lineMs: 1000,
  countMs: 10_000,
};

/** What is known of the lines about one object. */
interface Told {
  /** As it was at the last look, and since when. */
  line: string;
  since: number;
  /** Since when what was said last is not so any more. */
  changedAt: number | undefined;
  /** Whether anything was said of it. */
  isNamed: boolean;
  readonly said: Set<string>;
}

/** Makes lines of what changed: few, and none twice. */
export class LiveLines {
  readonly #manners: Manners;
  readonly #told = new Map<string, Told>();
  #tokens: number;
  #filledAt = 0;
  #untold = 0;
  #countedAt = -Infinity;

  constructor(manners: Manners) {
    this.#manners = manners;
    this.#tokens = manners.burst;
  }

  /** What is so already is no news. @returns what is worth saying of it all the same */
  begin(statuses: readonly Status[], now: number): string[] {
    this.#filledAt = now;
    for (const status of statuses) {
      const line = lineOf(status);
      this.#told.set(keyOf(status), { line, since: now, changedAt: undefined, isNamed: false, said: new Set([line]) });
    }
    const isBad = statuses.some((status) => isAwaited(status) && status.health.state !== 'ready');
    return isBad ? [`Before it begins: ${summaryOf(statuses)}.`] : [];
  }

  /** Something else begins: what was said before may come again. */
  newChapter(): void {
    for (const { said, line } of this.#told.values()) {
      said.clear();
      said.add(line);
    }
  }

  /** What is new since the last look. */
  look(statuses: readonly Status[], now: number): string[] {
    const due = byTrouble(statuses.filter((status) => this.#isDue(status, now)));
    this.#refill(now);
    const room = Math.min(Math.floor(this.#tokens), due.length);
    this.#tokens -= room;
    for (const status of due) this.#remember(status);
    this.#untold += due.length - room;
    return [...due.slice(0, room).map(lineOf), ...this.#counted(now)];
  }

  #isDue(status: Status, now: number): boolean {
    const line = lineOf(status);
    const known = this.#told.get(keyOf(status));
    const told = known ?? { line: '', since: now, changedAt: undefined, isNamed: false, said: new Set<string>() };
    if (known === undefined) {
      this.#told.set(keyOf(status), told);
      // It is older than the run, and was only found late.
      if (!status.isNew && status.health.state === 'ready') told.said.add(line);
    }
    if (told.line !== line) Object.assign(told, { line, since: now, changedAt: told.changedAt ?? now });
    if (told.said.has(line)) {
      told.changedAt = undefined;
      return false;
    }
    // What was always well and keeps nobody waiting is nobody's news.
    if (status.health.state === 'ready' && status.hook === undefined && !isAwaited(status) && !told.isNamed)
      return false;
    const { holdMs, longestHoldMs } = this.#manners;
    const isFinal = status.health.state !== 'progressing';
    return isFinal || now - told.since >= holdMs || now - (told.changedAt ?? now) >= longestHoldMs;
  }

  #remember(status: Status): void {
    const told = this.#told.get(keyOf(status));
    if (told === undefined) return;
    told.said.add(told.line);
    Object.assign(told, { changedAt: undefined, isNamed: true });
  }

  #refill(now: number): void {
    const { burst, lineMs } = this.#manners;
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#filledAt) / lineMs);
    this.#filledAt = now;
  }

  #counted(now: number): string[] {
    if (this.#untold === 0 || now - this.#countedAt < this.#manners.countMs) return [];
    const [count] = [this.#untold];
    [this.#untold, this.#countedAt] = [0, now];
    return [`and ${count} more ${count === 1 ? 'object' : 'objects'} changed.`];
  }
}

const keyOf = ({ object: { kind, namespace, name } }: Status): string => `${kind}/${namespace}/${name}`;
