import type { Log } from '../task/log.ts';
import { printable } from '../text/shown.ts';

/** A line that was said. */
export interface TimelineEntry {
  readonly at: Date;
  readonly line: string;
}

/** What a page may show of it; the log has all. */
const mostKept = 200;

/** Says lines in the log, and keeps what was said when. */
export class Narrator {
  readonly #log: Pick<Log, 'info' | 'warning'>;
  readonly #timeline: TimelineEntry[] = [];
  /** By the machine's clock, in ms. */
  lastAt = 0;

  constructor(log: Pick<Log, 'info' | 'warning'>) {
    this.#log = log;
  }

  say(line: string, now: number): void {
    this.#log.info(line);
    this.lastAt = now;
    this.#timeline.push({ at: new Date(now), line: printable(line) });
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
