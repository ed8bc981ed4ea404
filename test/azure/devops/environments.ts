import type { DeploymentRecord } from '../../agent/pipelines/run/service.ts';
import type { CheckConfiguration } from './configurations.ts';
import { Configurations } from './configurations.ts';
import { type EnvironmentChecks, PlayedChecks } from './environment-checks.ts';
import type { Directory, Person } from './people.ts';

/** Roles on an environment, each with what those before it may. */
export const environmentRoles = ['Reader', 'User', 'Creator', 'Administrator'] as const;
export type EnvironmentRole = (typeof environmentRoles)[number];

/** An environment of Azure DevOps. */
export class PlayedEnvironment {
  description = '';
  /** Roles by the ids of identities; without one an environment cannot be seen. */
  readonly roles = new Map<string, EnvironmentRole>();
  /** Ids of the pipelines that may use it without being asked. */
  readonly permittedPipelines = new Set<number>();
  /** What was deployed to it, the newest last. */
  readonly deployments: DeploymentRecord[] = [];
  readonly #buildService: Person;

  /**
   * @param checks its usual checks by their names; tests may change them while it is played
   * @param configurations all checks, as the service keeps them
   */
  constructor(
    readonly id: number,
    public name: string,
    readonly checks: PlayedChecks,
    readonly configurations: Configurations,
    buildService: Person,
  ) {
    this.#buildService = buildService;
    this.isVisible = true;
  }

  /** Whether the build service may view it and its checks; tests may change it. */
  set isVisible(isVisible: boolean) {
    if (isVisible) this.roles.set(this.#buildService.id, 'Reader');
    else this.roles.delete(this.#buildService.id);
  }

  maySee({ id }: Person): boolean {
    return this.roles.has(id);
  }

  /** Whether somebody may change it, its checks and its roles. */
  mayManage({ id }: Person): boolean {
    return this.roles.get(id) === 'Administrator';
  }
}

/** The environments of a project. */
export class Environments {
  readonly #all: PlayedEnvironment[] = [];
  readonly #people: Directory;
  readonly #buildService: Person;
  #checkId = 10;

  /** @param people the approvers of checks are added to them */
  constructor(people: Directory, buildService: Person) {
    this.#people = people;
    this.#buildService = buildService;
  }

  get all(): readonly PlayedEnvironment[] {
    return this.#all;
  }

  add(name: string, given: EnvironmentChecks = {}): PlayedEnvironment {
    if (this.find(name) !== undefined) throw new Error(`Environment ${name} exists already.`);
    const configurations = new Configurations(() => (this.#checkId += 1));
    const checks = Object.assign(new PlayedChecks(configurations, this.#people), given);
    const environment = new PlayedEnvironment(this.#all.length + 1, name, checks, configurations, this.#buildService);
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
