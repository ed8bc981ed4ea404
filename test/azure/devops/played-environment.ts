import type { DeploymentRecord } from '../../agent/pipelines/run/service.ts';
import type { Configurations } from './configurations.ts';
import type { PlayedChecks } from './environment-checks.ts';
import type { Directory, Person } from './people.ts';
import type { Stamp } from './stamp.ts';

/** Roles on an environment, each with what those before it may. */
export const environmentRoles = ['Reader', 'User', 'Creator', 'Administrator'] as const;
export type EnvironmentRole = (typeof environmentRoles)[number];

interface EnvironmentParts {
  readonly id: number;
  readonly name: string;
  /** Its usual checks by their names; tests may change them while it is played. */
  readonly checks: PlayedChecks;
  /** All checks, as the service keeps them. */
  readonly configurations: Configurations;
  readonly people: Directory;
  readonly buildService: Person;
  readonly created: Stamp;
}

/** An environment of Azure DevOps. */
export class PlayedEnvironment {
  readonly id: number;
  name: string;
  description = '';
  readonly checks: PlayedChecks;
  readonly configurations: Configurations;
  readonly created: Stamp;
  modified: Stamp;
  /** Roles by the ids of people and groups; without one an environment cannot be seen. */
  readonly roles = new Map<string, EnvironmentRole>();
  /** Whether pipelines need a permission: those made by REST do, those that tests add are open. */
  isRestricted = false;
  /** Pipelines that may use it, by their ids, with who said so. */
  permittedPipelines = new Map<number, Stamp>();
  /** All pipelines may use it, and who said so. */
  openToAll: Stamp | undefined;
  /** What was deployed to it, the newest last. */
  readonly deployments: DeploymentRecord[] = [];
  readonly #people: Directory;
  readonly #buildService: Person;

  constructor({ id, name, checks, configurations, people, buildService, created }: EnvironmentParts) {
    this.id = id;
    this.name = name;
    this.checks = checks;
    this.configurations = configurations;
    this.created = created;
    this.modified = created;
    this.#people = people;
    this.#buildService = buildService;
    this.isVisible = true;
  }

  /** Whether the build service may view it and its checks; tests may change it. */
  set isVisible(isVisible: boolean) {
    if (isVisible) this.roles.set(this.#buildService.id, 'Reader');
    else this.roles.delete(this.#buildService.id);
  }

  maySee(somebody: Person): boolean {
    return this.#rolesOf(somebody).length > 0;
  }

  /** Whether a pipeline may use it, by its id. */
  isOpenTo(pipeline: number | undefined): boolean {
    if (!this.isRestricted || this.openToAll !== undefined) return true;
    return pipeline !== undefined && this.permittedPipelines.has(pipeline);
  }

  /** Whether somebody may change it, its checks, its permissions and its roles. */
  mayManage(somebody: Person): boolean {
    return this.#rolesOf(somebody).includes('Administrator');
  }

  /** His own ones, and those of his groups. */
  #rolesOf(somebody: Person): EnvironmentRole[] {
    return this.#people.idsOf(somebody).flatMap((id) => this.roles.get(id) ?? []);
  }
}
