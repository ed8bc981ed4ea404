import type { SecretMasker } from './masking.ts';
import type { Issue } from './step-result.ts';

/** What one step wrote, as the user sees it, with the complaints of the agent about it. */
export class Transcript {
  readonly log: string[] = [];
  readonly issues: Issue[] = [];
  readonly violations: string[] = [];
  readonly #masker: SecretMasker;
  readonly #showsDebug: () => boolean;
  readonly #onLog: (line: string) => void;

  /** @param onLog told every line of the log as it comes */
  constructor(masker: SecretMasker, showsDebug: () => boolean, onLog: (line: string) => void) {
    this.#masker = masker;
    this.#showsDebug = showsDebug;
    this.#onLog = onLog;
  }

  output(text: string): void {
    const lines = this.#masker.mask(text).split('\n');
    this.log.push(...lines);
    for (const line of lines) this.#onLog(line);
  }

  debug(text: string): void {
    if (this.#showsDebug()) this.output(`##[debug]${text}`);
  }

  issue(type: Issue['type'], message: string): void {
    this.issues.push({ type, message: this.#masker.mask(message) });
    this.output(`##[${type}]${message}`);
  }

  /** A warning that a sound task never causes. */
  violation(message: string): void {
    this.violations.push(message);
    this.issue('warning', message);
  }
}
