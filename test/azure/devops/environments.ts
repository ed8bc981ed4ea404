import type { DeploymentRecord } from '../../agent/pipelines/run/service.ts';
import type { ApprovalCheck } from './approvals.ts';

/** The checks that stand before a stage that deploys to an environment, in the order in which the service asks them. */
export interface EnvironmentChecks {
  /** Branch control: full names, where `*` stands for any characters. */
  allowedBranches?: readonly string[];
  approval?: ApprovalCheck;
  /** Switched off, as `isDisabled` tells. */
  approvalDisabled?: boolean;
  /** One stage at a time. */
  exclusiveLock?: boolean;
}

/** An environment of Azure DevOps. */
export interface PlayedEnvironment {
  readonly id: number;
  readonly name: string;
  /** Tests may change them while it is played. */
  readonly checks: EnvironmentChecks;
  /** Whether the build service may view it and its checks; tests may change it. */
  isVisible: boolean;
  /** What was deployed to it, the newest last. */
  readonly deployments: DeploymentRecord[];
}

/** The environments of a project. */
export class Environments {
  readonly #all: PlayedEnvironment[] = [];

  get all(): readonly PlayedEnvironment[] {
    return this.#all;
  }

  add(name: string, checks: EnvironmentChecks = {}): PlayedEnvironment {
    if (this.find(name) !== undefined) throw new Error(`Environment ${name} exists already.`);
    const environment = { id: this.#all.length + 1, name, checks, isVisible: true, deployments: [] };
    this.#all.push(environment);
    return environment;
  }

  /** Names have no case. */
  find(name: string): PlayedEnvironment | undefined {
    return this.#all.find((each) => each.name.toLowerCase() === name.toLowerCase());
  }
}
