/** Where something stands: the file as the service names it, line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the service refuses, in its own words. */
export class Refused extends Error {
  constructor(readonly lines: readonly string[]) {
    super(shortened(lines.join('\n')));
  }
}

/** What the service knows and this does not play. */
export class NotSupported extends Error {
  constructor(what: string) {
    super(`not supported: ${what}`);
  }
}

/** The service's limit for a message, in characters. */
const longest = 500;

function shortened(message: string): string {
  return message.length > longest ? `${message.slice(0, longest)}[...]` : message;
}

/** Everything that is wrong with a pipeline, in the order in which it was found. */
export class Complaints {
  readonly #lines: string[] = [];

  add(message: string, at: Place | string): void {
    const where = typeof at === 'string' ? at : `${at.file} (Line: ${at.line}, Col: ${at.column})`;
    this.#lines.push(`${where}: ${message}`);
  }

  get count(): number {
    return this.#lines.length;
  }

  /** Throws Refused if there is anything. */
  check(): void {
    if (this.count > 0) throw new Refused(this.#lines);
  }
}
