import { ApiRefusal } from '../cluster/client.ts';
import { messageOf } from '../task/outcome.ts';
import { shortened } from '../text/shown.ts';

/** In characters. */
const longestReason = 300;

/** What cannot be seen of a release, and why. */
export class Blindness {
  readonly #reasons = new Map<string, string>();

  /**
   * What is not there (404), such as a kind that the cluster does not have, is no blindness.
   * @param what such as `pods` @returns whether that is new
   */
  add(what: string, error: unknown): boolean {
    if (error instanceof ApiRefusal && error.status === 404) return false;
    const isNew = !this.#reasons.has(what);
    this.#reasons.set(what, reasonOf(error));
    return isNew;
  }

  /** It is seen (again). @returns whether it was not */
  remove(what: string): boolean {
    return this.#reasons.delete(what);
  }

  /** One for each reason. */
  get sentences(): readonly string[] {
    const reasons = [...new Set(this.#reasons.values())];
    return reasons.map((reason) => {
      const all = [...this.#reasons].filter(([, why]) => why === reason).map(([what]) => what);
      return `Not seen: ${all.sort().join(', ')}. ${reason}`;
    });
  }
}

/** Refusals differ only in what they name. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiRefusal && error.status === 403) {
    return 'The identity lacks the rights get, list and watch on them (HTTP 403).';
  }
  return shortened(messageOf(error), longestReason);
}
