/** The inputs of a step; their names have no case. */
export class StepInputs {
  readonly #values: ReadonlyMap<string, string>;
  readonly #expand: (text: string) => string;

  /** @param expand replaces macros; without it they stay */
  constructor(inputs: Readonly<Record<string, string>>, expand: (text: string) => string = (text) => text) {
    this.#values = new Map(Object.entries(inputs).map(([name, value]) => [name.toLowerCase(), value]));
    this.#expand = expand;
  }

  /** In lower case. */
  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** The trimmed value under the first of the names that the step gives; undefined where that is empty. */
  text(...names: readonly string[]): string | undefined {
    const values = names.map((name) => this.#expand(this.raw(name)).trim());
    return values.find((value) => value !== '');
  }

  /** As it is written, with its macros and spaces. */
  raw(name: string): string {
    return this.#values.get(name.toLowerCase()) ?? '';
  }

  /** As task-lib reads a boolean: only `true` is. */
  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }
}
