import { descendantsOf, programOf, type StepOptions, type StepResult } from '../agent/index.ts';

type Watch = Pick<StepOptions, 'onStart' | 'cancel'>;

/** Whom a signal is for. */
export type Victim = 'helm' | 'task' | 'both';

/** A step that is at work, and that can be done harm. */
export class StartedStep {
  readonly ended: Promise<StepResult>;
  readonly #cancel = new AbortController();
  #pid: number | undefined;

  constructor(run: (watch: Watch) => Promise<StepResult>) {
    this.ended = run({
      onStart: (pid) => (this.#pid = pid),
      cancel: this.#cancel.signal,
    });
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
