import type { Log } from '../task/log.ts';
import { printable, shortened } from '../text/shown.ts';

/** A line that was said. */
export interface TimelineEntry {
  readonly at: Date;
  readonly line: string;
}

/** What a page may show of it; the log has all. */
const mostKept = 200;
/** In characters. */
const longest = 1000;

/** One line, whatever the names and annotations in it hold; what it begins with stays, such as an indentation. */
const oneLine = (said: string): string =>
  shortened(printable(shortened(said, 4 * longest)).replace(/\s*[\n\v\f]\s*/g, ' '), longest);

/** Says lines in the log, and keeps what was said when. */
export class Narrator {
  readonly #log: Pick<Log, 'info' | 'warning'>;
  readonly #timeline: TimelineEntry[] = [];
  /** By the machine's clock, in ms. */
  lastAt = 0;

  constructor(log: Pick<Log, 'info' | 'warning'>) {
    this.#log = log;
  }

  say(said: string, now: number): void {
    const line = oneLine(said);
    this.#log.info(line);
    this.lastAt = now;
    this.#timeline.push({ at: new Date(now), line });
    if (this.#timeline.length > mostKept) this.#timeline.shift();
  }

  /** For what nobody undoes, but somebody should mend. */
  warn(text: string): void {
    this.#log.warning(text);
  }

  get timeline(): readonly TimelineEntry[] {
    return [...this.#timeline];
  }
}
