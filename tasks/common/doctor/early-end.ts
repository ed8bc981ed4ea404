import { diagnose } from '../diagnosis/diagnose.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { ReleaseView } from '../watching/view.ts';
import { type BeforeHelm, isHook } from './before-helm.ts';
import { Twice } from './twice.ts';

/** When waiting is given up. */
export interface EarlyEndRules {
  /** Whether helm waits for all of the release, and not for hooks alone. */
  readonly waitsForAll: boolean;
  /** From one look to the next, in ms. */
  readonly lookMs: number;
}

/** Finds causes that keep what helm has changed from ever being ready. */
export class EarlyEnd {
  readonly #before: BeforeHelm;
  readonly #rules: EarlyEndRules;
  readonly #twice = new Twice();
  #lookedAt = -Infinity;

  constructor(before: BeforeHelm, rules: EarlyEndRules) {
    this.#before = before;
    this.#rules = rules;
  }

  /** @param now in ms, by the clock of the API server @returns what was found at two looks, and cannot mend itself */
  look(view: ReleaseView, now: number): Finding | undefined {
    if (now - this.#lookedAt < this.#rules.lookMs) return undefined;
    this.#lookedAt = now;
    const vain = diagnose(view, '', new Date(now)).findings.filter(
      ({ canMend, owner }) =>
        !canMend && this.#before.isChanged(owner, view) && (this.#rules.waitsForAll || isHook(owner, view)),
    );
    return this.#twice.look(vain, ({ cause, owner }) => `${cause} ${owner.kind}/${owner.name}`);
  }
}
