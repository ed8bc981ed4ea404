/** Waits until the same is seen at two looks one after the other. */
export class Twice {
  #before: ReadonlySet<string> = new Set();

  /** @returns the first of these that was there at the last look, too */
  look<Seen>(found: readonly Seen[], keyOf: (one: Seen) => string): Seen | undefined {
    const again = found.find((one) => this.#before.has(keyOf(one)));
    this.#before = new Set(found.map(keyOf));
    return again;
  }
}
