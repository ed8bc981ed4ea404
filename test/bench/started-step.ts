import { descendantsOf, programOf, type StepOptions, type StepResult } from '../agent/index.ts';

type Watch = Pick<StepOptions, 'onStart' | 'onLine' | 'cancel'>;

/** Whom a signal is for. */
export type Victim = 'helm' | 'task' | 'both';

/** A step that is at work, and that can be done harm. */
export class StartedStep {
  readonly ended: Promise<StepResult>;
  readonly #cancel = new AbortController();
  readonly #lines: string[] = [];
  #pid: number | undefined;
  #onLine: () => void = () => undefined;

  constructor(run: (watch: Watch) => Promise<StepResult>) {
    this.ended = run({
      onStart: (pid) => (this.#pid = pid),
      onLine: (line) => {
        this.#lines.push(line);
        this.#onLine();
      },
      cancel: this.#cancel.signal,
    });
  }

  /** Waits for a line of its output. Throws if the step ends without it. */
  async said(text: RegExp): Promise<void> {
    let found = (): void => undefined;
    const line = new Promise<void>((resolve) => (found = resolve));
    this.#onLine = () => (this.#lines.some((one) => text.test(one)) ? found() : undefined);
    this.#onLine();
    const end = this.ended.then(({ log }) => {
      if (!this.#lines.some((one) => text.test(one))) throw new Error(`It never said ${text}:\n${log.join('\n')}`);
    });
    await Promise.race([line, end]);
  }

  /** What the agent does when somebody presses Cancel. */
  cancel(): void {
    this.#cancel.abort();
  }

  /** Sends a signal. Gives whether anybody of those was there. */
  signal(victim: Victim, signal: NodeJS.Signals): boolean {
    if (this.#pid === undefined) return false;
    // Found first: the children of a dead process belong to others.
    const helms = victim === 'task' ? [] : this.helms();
    const all = victim === 'helm' ? helms : [this.#pid, ...helms];
    return all.map((pid) => sent(pid, signal)).some(Boolean);
  }

  /** The helms that it runs. */
  helms(): number[] {
    if (this.#pid === undefined) return [];
    return descendantsOf(this.#pid).filter((pid) => programOf(pid)?.startsWith('helm'));
  }
}

function sent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
