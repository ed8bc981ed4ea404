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
  /** What was said last, or was so at the beginning; and since when that is not so any more. */
  last: string;
  changedAt: number | undefined;
  readonly said: Set<string>;
}

const toldOf = (line: string, last: string, now: number): Told => {
  return { line, since: now, last, changedAt: undefined, said: new Set() };
};

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
      this.#told.set(keyOf(status), toldOf(line, line, now));
    }
    const isBad = statuses.some((status) => isAwaited(status) && status.health.state !== 'ready');
    return isBad ? [`Before it begins: ${summaryOf(statuses)}.`] : [];
  }

  /** Something else begins: what was said before may come again. */
  newChapter(): void {
    for (const { said } of this.#told.values()) said.clear();
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
    const told = this.#seen(status, now);
    const isReady = status.health.state === 'ready';
    if (told.line === told.last) told.changedAt = undefined;
    // That it is ready (again) is always news, where something else was said before.
    if (told.line === told.last || (told.said.has(told.line) && !isReady)) return false;
    const { holdMs, longestHoldMs } = this.#manners;
    const isFinal = status.health.state !== 'progressing';
    return isFinal || now - told.since >= holdMs || now - (told.changedAt ?? now) >= longestHoldMs;
  }

  #seen(status: Status, now: number): Told {
    const line = lineOf(status);
    const known = this.#told.get(keyOf(status));
    const told = known ?? toldOf(line, isNoNews(status) ? line : '', now);
    if (known === undefined) this.#told.set(keyOf(status), told);
    if (told.line !== line) Object.assign(told, { line, since: now });
    told.changedAt ??= now;
    return told;
  }

  #remember(status: Status): void {
    const told = this.#told.get(keyOf(status));
    if (told === undefined) return;
    told.said.add(told.line);
    Object.assign(told, { last: told.line, changedAt: undefined });
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

/** Ready when it is first seen: it is older than the run and was only found late, or keeps nobody waiting. */
const isNoNews = (status: Status): boolean =>
  status.health.state === 'ready' && (!status.isNew || (status.hook === undefined && !isAwaited(status)));
