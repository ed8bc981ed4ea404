import { isApproval, normalised, type Settings } from './check-form.ts';
import { checkTypes, type CheckKind, defaultTimeout } from './check-kinds.ts';
import type { Person } from './people.ts';
import type { Stamp, Stamping } from './stamp.ts';

/** A check of an environment, as the service keeps it. */
export interface CheckConfiguration {
  readonly id: number;
  readonly kind: CheckKind;
  /** Counts the changes, from 1. */
  version: number;
  settings: Settings;
  /** Minutes. */
  timeout: number;
  isDisabled: boolean;
  readonly created: Stamp;
  modified: Stamp;
}

/** What may be given of a check that is made or changed. */
export interface GivenCheck {
  readonly settings?: Settings;
  readonly timeout?: number | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** The checks of one environment. */
export class Configurations {
  readonly #all: CheckConfiguration[] = [];
  readonly #nextId: () => number;
  readonly #stamp: Stamping;

  /** @param nextId ids are of the organisation, not of the environment */
  constructor(nextId: () => number, stamp: Stamping) {
    this.#nextId = nextId;
    this.#stamp = stamp;
  }

  get all(): readonly CheckConfiguration[] {
    return this.#all;
  }

  /** The first of a kind; the service lets an environment have several of some. */
  first(kind: CheckKind): CheckConfiguration | undefined {
    return this.#all.find((each) => each.kind === kind);
  }

  /** Those of a kind that are switched on. */
  enabled(kind: CheckKind): CheckConfiguration[] {
    return this.#all.filter((each) => each.kind === kind && !each.isDisabled);
  }

  /** @param by who adds it; whoever sets things up if absent */
  add(kind: CheckKind, { settings = {}, timeout, isDisabled = false }: GivenCheck, by?: Person): CheckConfiguration {
    const created = this.#stamp(by);
    const check: CheckConfiguration = {
      id: this.#nextId(),
      kind,
      version: 1,
      settings: normalised(kind, settings),
      timeout: timeout ?? defaultTimeout(kind),
      isDisabled,
      created,
      modified: created,
    };
    this.#all.push(check);
    return check;
  }

  change(check: CheckConfiguration, { settings = {}, timeout, isDisabled }: GivenCheck, by?: Person): void {
    check.modified = this.#stamp(by);
    check.version += 1;
    check.settings = normalised(check.kind, settings);
    check.timeout = timeout ?? defaultTimeout(check.kind);
    check.isDisabled = isDisabled ?? false;
  }

  remove(check: CheckConfiguration): void {
    this.#all.splice(this.#all.indexOf(check), 1);
  }

  /** The one check of a kind from now on; undefined: there is none. */
  replace(kind: CheckKind, given: GivenCheck | undefined): void {
    const before = this.first(kind);
    if (given === undefined) {
      if (before !== undefined) this.remove(before);
    } else if (before === undefined) {
      this.add(kind, given);
    } else {
      this.change(before, { isDisabled: before.isDisabled, ...given });
    }
  }
}

/** The type that the REST API names a kind of check by. */
export function typeOf(kind: CheckKind): (typeof checkTypes)[keyof typeof checkTypes] {
  if (kind === 'lock' || kind === 'template') return checkTypes[kind];
  return isApproval(kind) ? checkTypes.approval : checkTypes.task;
}
