import type { DeploymentRecord } from '../../agent/pipelines/run/service.ts';
import type { CheckConfiguration } from './configurations.ts';
import { Configurations } from './configurations.ts';
import { type EnvironmentChecks, PlayedChecks } from './environment-checks.ts';
import type { Directory } from './people.ts';

/** An environment of Azure DevOps. */
export interface PlayedEnvironment {
  readonly id: number;
  name: string;
  description: string;
  /** Its usual checks by their names; tests may change them while it is played. */
  readonly checks: PlayedChecks;
  /** All checks, as the service keeps them. */
  readonly configurations: Configurations;
  /** Whether the build service may view it and its checks; tests may change it. */
  isVisible: boolean;
  /** Whether the build service may change it and its checks, as its Administrator. */
  isManaged: boolean;
  /** What was deployed to it, the newest last. */
  readonly deployments: DeploymentRecord[];
}

/** The environments of a project. */
export class Environments {
  readonly #all: PlayedEnvironment[] = [];
  readonly #people: Directory;
  #checkId = 10;

  /** @param people the approvers of checks are added to them */
  constructor(people: Directory) {
    this.#people = people;
  }

  get all(): readonly PlayedEnvironment[] {
    return this.#all;
  }

  add(name: string, given: EnvironmentChecks = {}): PlayedEnvironment {
    if (this.find(name) !== undefined) throw new Error(`Environment ${name} exists already.`);
    const configurations = new Configurations(() => (this.#checkId += 1));
    const checks = Object.assign(new PlayedChecks(configurations, this.#people), given);
    const own = { id: this.#all.length + 1, name, description: '', checks, configurations };
    const environment = { ...own, isVisible: true, isManaged: false, deployments: [] };
    this.#all.push(environment);
    return environment;
  }

  /** Names have no case. */
  find(name: string): PlayedEnvironment | undefined {
    return this.#all.find((each) => each.name.toLowerCase() === name.toLowerCase());
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
