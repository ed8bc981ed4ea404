import { type CheckConfiguration, Configurations } from './configurations.ts';
import { type EnvironmentChecks, PlayedChecks } from './environment-checks.ts';
import type { Directory, Person } from './people.ts';
import { PlayedEnvironment } from './played-environment.ts';
import type { Stamping } from './stamp.ts';

/** The environments of a project. */
export class Environments {
  readonly #all: PlayedEnvironment[] = [];
  readonly #people: Directory;
  readonly #buildService: Person;
  readonly #stamp: Stamping;
  #checkId = 10;
  #id = 0;

  /** @param people the approvers of checks are added to them */
  constructor(people: Directory, buildService: Person, stamp: Stamping) {
    this.#people = people;
    this.#buildService = buildService;
    this.#stamp = stamp;
  }

  get all(): readonly PlayedEnvironment[] {
    return this.#all;
  }

  /** @param by who makes it; whoever sets things up if absent */
  add(name: string, given: EnvironmentChecks = {}, by?: Person): PlayedEnvironment {
    if (this.find(name) !== undefined) throw new Error(`Environment ${name} exists already.`);
    const configurations = new Configurations(() => (this.#checkId += 1), this.#stamp);
    const checks = Object.assign(new PlayedChecks(configurations, this.#people), given);
    const environment = new PlayedEnvironment({
      id: (this.#id += 1),
      name,
      checks,
      configurations,
      people: this.#people,
      buildService: this.#buildService,
      created: this.#stamp(by),
    });
    this.#all.push(environment);
    return environment;
  }

  /** Deletes one; its id is not given again. */
  remove(environment: PlayedEnvironment): void {
    const at = this.#all.indexOf(environment);
    if (at < 0) throw new Error(`Environment ${environment.name} is not there.`);
    this.#all.splice(at, 1);
  }

  /** Names have no case. */
  find(name: string): PlayedEnvironment | undefined {
    return this.#all.find((each) => each.name.toLowerCase() === name.toLowerCase());
  }

  /** One that a pipeline may use. @param pipeline its id; undefined for one that has never run */
  usable(name: string, pipeline: number | undefined): PlayedEnvironment | undefined {
    const found = this.find(name);
    return found?.isOpenTo(pipeline) === true ? found : undefined;
  }

  byId(id: string): PlayedEnvironment | undefined {
    return this.#all.find((each) => String(each.id) === id);
  }

  /** A check by its id, with the environment that it stands before. */
  check(id: number): { readonly environment: PlayedEnvironment; readonly check: CheckConfiguration } | undefined {
    for (const environment of this.#all) {
      const check = environment.configurations.all.find((each) => each.id === id);
      if (check !== undefined) return { environment, check };
    }
    return undefined;
  }
}
