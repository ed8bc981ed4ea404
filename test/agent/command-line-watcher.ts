import { readFileSync } from 'node:fs';
import { childrenOf } from './processes.ts';

const pollMilliseconds = 4;

/**
 * Collects the command lines of a process and of all its descendants while they run, by looking at /proc every few
 * milliseconds. What lives shorter may be missed. Sees nothing where there is no /proc (macOS, Windows).
 */
export class CommandLineWatcher {
  readonly #seen = new Set<string>();
  readonly #known: Set<number>;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#known = new Set([pid]);
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, pollMilliseconds);
  }

  /** Ends the watch. @returns each command line seen, its arguments joined by spaces */
  stop(): string[] {
    clearInterval(this.#timer);
    return [...this.#seen];
  }

  /** A known process is looked at again: its command line changes when it becomes another program. */
  #look(): void {
    for (const pid of this.#known) {
      const commandLine = read(`/proc/${pid}/cmdline`);
      if (commandLine === undefined) {
        this.#known.delete(pid);
        continue;
      }
      if (commandLine !== '') this.#seen.add(commandLine.replaceAll('\0', ' ').trimEnd());
      for (const child of childrenOf(pid)) this.#known.add(child);
    }
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
