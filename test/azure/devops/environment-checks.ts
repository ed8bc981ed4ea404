import type { ApprovalCheck } from './approvals.ts';
import { checkDefinitions } from './check-kinds.ts';
import { mappingOf } from './check-form.ts';
import type { CheckConfiguration, Configurations, GivenCheck } from './configurations.ts';
import type { Directory } from './people.ts';

/** When a stage may start; all else waits. */
export interface BusinessHours {
  /** English names, `Monday`. */
  readonly days: readonly string[];
  /** `HH:MM`, in UTC. */
  readonly from: string;
  readonly to: string;
  /** Minutes to wait for them before the stage fails; 1,440 if absent. */
  readonly timeout?: number;
}

/** The checks that stand before a stage that deploys to an environment, in the order in which the service asks them. */
export interface EnvironmentChecks {
  /** Branch control: full names, where `*` stands for any characters. */
  allowedBranches?: readonly string[] | undefined;
  preApproval?: ApprovalCheck | undefined;
  businessHours?: BusinessHours | undefined;
  approval?: ApprovalCheck | undefined;
  /** Switched off, as `isDisabled` tells. */
  approvalDisabled?: boolean;
  postApproval?: ApprovalCheck | undefined;
  /** One stage at a time. */
  exclusiveLock?: boolean;
}

/** The same, kept as the configurations that the REST API reads and writes. */
export class PlayedChecks {
  readonly #configurations: Configurations;
  readonly #people: Directory;

  constructor(configurations: Configurations, people: Directory) {
    this.#configurations = configurations;
    this.#people = people;
  }

  set allowedBranches(branches: readonly string[] | undefined) {
    const inputs = { allowedBranches: branches?.join(',') ?? '', ensureProtectionOfBranch: 'false' };
    this.#configurations.replace(
      'branchControl',
      branches && taskCheck('branchControl', 'evaluatebranchProtection', inputs),
    );
  }

  set businessHours(hours: BusinessHours | undefined) {
    this.#configurations.replace('businessHours', hours && hoursCheck(hours));
  }

  set preApproval(approval: ApprovalCheck | undefined) {
    this.#configurations.replace('preApproval', this.#kept(approval));
  }

  set approval(approval: ApprovalCheck | undefined) {
    this.#configurations.replace('approval', this.#kept(approval));
  }

  set postApproval(approval: ApprovalCheck | undefined) {
    this.#configurations.replace('postApproval', this.#kept(approval));
  }

  set approvalDisabled(isDisabled: boolean) {
    const check = this.#configurations.first('approval');
    if (check !== undefined) check.isDisabled = isDisabled;
    else if (isDisabled) throw new Error('There is no approval to switch off yet: give it first.');
  }

  set exclusiveLock(isThere: boolean) {
    this.#configurations.replace('lock', isThere ? {} : undefined);
  }

  #kept(approval: ApprovalCheck | undefined): GivenCheck | undefined {
    if (approval === undefined) return undefined;
    const { approvers, inSequence, minimum, instructions, requesterCannotApprove, timeout } = approval;
    for (const somebody of approvers) this.#people.add(somebody);
    const settings = {
      approvers: approvers.map(({ id }) => ({ id })),
      ...(inSequence === true && { executionOrder: 'inSequence' }),
      instructions,
      minRequiredApprovers: minimum,
      requesterCannotBeApprover: requesterCannotApprove,
    };
    return { settings, timeout };
  }
}

/** What an approval check asks of whom. Approvers whom the organisation does not know stay under their ids. */
export function approvalOf({ settings, timeout }: CheckConfiguration, people: Directory): ApprovalCheck {
  const approvers: unknown[] = Array.isArray(settings['approvers']) ? settings['approvers'] : [];
  const { instructions } = settings;
  return {
    approvers: approvers.map((each) => {
      const id = String(mappingOf(each)['id']);
      return people.find(id) ?? { id, displayName: id, mail: '' };
    }),
    minimum: Number(settings['minRequiredApprovers'] ?? 0),
    inSequence: settings['executionOrder'] === 'inSequence',
    instructions: typeof instructions === 'string' ? instructions : '',
    requesterCannotApprove: settings['requesterCannotBeApprover'] === true,
    timeout,
  };
}

/** The inputs of a task check. */
export function inputsOf({ settings }: CheckConfiguration): Readonly<Record<string, string>> {
  const inputs = Object.entries(mappingOf(settings['inputs']));
  return Object.fromEntries(inputs.map(([name, value]) => [name, String(value)]));
}

function taskCheck(kind: 'branchControl' | 'businessHours', name: string, inputs: Record<string, string>): GivenCheck {
  const definitionRef = { id: checkDefinitions[kind], name, version: '0.0.1' };
  return { settings: { displayName: name, definitionRef, inputs, retryInterval: 5 } };
}

function hoursCheck({ days, from, to, timeout }: BusinessHours): GivenCheck {
  const inputs = { businessDays: days.join(', '), timeZone: 'UTC', startTime: from, endTime: to };
  return { ...taskCheck('businessHours', 'evaluateBusinessHours', inputs), timeout };
}
