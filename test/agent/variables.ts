import { expandMacros } from './macros.ts';

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly readOnly: boolean;
  readonly preserveCase: boolean;
}

export type VariableTraits = Partial<Pick<Variable, 'secret' | 'readOnly' | 'preserveCase'>>;

/** The variables of a job, or of one task. Names differ by more than case; once secret, a variable stays secret. */
export class Variables {
  readonly #byKey = new Map<string, Variable>();
  readonly #onSecret: (value: string) => void;

  /** @param onSecret told every secret value as it is stored, so that the log can hide it */
  constructor(onSecret: (value: string) => void) {
    this.#onSecret = onSecret;
  }

  get(name: string): string | undefined {
    return this.#byKey.get(name.toLowerCase())?.value;
  }

  find(name: string): Variable | undefined {
    return this.#byKey.get(name.toLowerCase());
  }

  set(name: string, value: string, traits: VariableTraits = {}): void {
    const key = name.toLowerCase();
    const secret = traits.secret === true || this.#byKey.get(key)?.secret === true;
    if (secret && value !== '') this.#onSecret(value);
    const { readOnly = false, preserveCase = false } = traits;
    this.#byKey.set(key, { name, value, secret, readOnly, preserveCase });
  }

  public(): Variable[] {
    return [...this.#byKey.values()].filter((variable) => !variable.secret);
  }

  secret(): Variable[] {
    return [...this.#byKey.values()].filter((variable) => variable.secret);
  }

  /** Replaces `$(name)` in `text` by the variables' values, secret ones too. */
  expand(text: string): string {
    return expandMacros(text, (name) => this.get(name));
  }

  /**
   * Resolves variables that name other variables. Done once, when the job starts: what a step sets later is taken as it is.
   * A variable made of a secret becomes secret; a circle stays as text.
   */
  expandNested(): void {
    for (const variable of this.#byKey.values()) {
      const { value, secret } = this.#resolve(variable, [variable.name.toLowerCase()]);
      this.set(variable.name, value, { ...variable, secret });
    }
  }

  #resolve(variable: Variable, path: readonly string[]): { value: string; secret: boolean } {
    let secret = variable.secret;
    const value = expandMacros(variable.value, (name) => {
      const key = name.toLowerCase();
      const inner = this.#byKey.get(key);
      if (inner === undefined || path.includes(key)) return undefined;
      const resolved = this.#resolve(inner, [...path, key]);
      secret ||= resolved.secret;
      return resolved.value;
    });
    return { value, secret };
  }
}
