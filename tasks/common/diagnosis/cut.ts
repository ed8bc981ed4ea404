/** Cuts lists, and remembers how much of each was left out. */
export class Cut {
  readonly #omitted: Record<string, number> = {};

  /** The first of a list. */
  first<Item>(name: string, items: readonly Item[], most: number): readonly Item[] {
    this.#note(name, items.length - most);
    return items.slice(0, most);
  }

  /** The last of a list. */
  last<Item>(name: string, items: readonly Item[], most: number): readonly Item[] {
    this.#note(name, items.length - most);
    return items.slice(-most);
  }

  /** How many are left out, by list; undefined when all are there. */
  get omitted(): Readonly<Record<string, number>> | undefined {
    return Object.keys(this.#omitted).length === 0 ? undefined : this.#omitted;
  }

  #note(name: string, tooMany: number): void {
    if (tooMany > 0) this.#omitted[name] = tooMany;
  }
}
