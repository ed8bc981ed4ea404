import { randomUUID } from 'node:crypto';
import { isOf, type Person } from './people.ts';

/** The check that asks people. */
export interface ApprovalCheck {
  /** People and groups; of a group one member answers. */
  readonly approvers: readonly Person[];
  /** How many of them must say yes; 0: all. */
  readonly minimum?: number;
  /** One after the other, in the order of the list. */
  readonly inSequence?: boolean;
  readonly instructions?: string;
  /** Who queued the run may not approve it. */
  readonly requesterCannotApprove?: boolean;
  /** Minutes; 43,200 if absent, as in the service. */
  readonly timeout?: number;
}

export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'timedOut' | 'canceled';

/** What an approver was asked, and what he said. */
export interface ApprovalStep {
  readonly assigned: Person;
  /** Who answered: the one who was asked, or a member of the group that was. */
  actual?: Person;
  readonly order: number;
  /** `uninitiated`: somebody before him has not said yes. */
  status: ApprovalStatus | 'uninitiated' | 'skipped';
  comment: string;
}

/** What an approval is of. */
export interface Asked {
  readonly environment: string;
  readonly runId: number;
  readonly runNumber: string;
  readonly pipeline: string;
  readonly stage: string;
  readonly requestedFor: string;
}

/** One asking of a check: of one stage of one run, for one environment. */
export class Approval {
  readonly id = randomUUID();
  readonly steps: readonly ApprovalStep[];
  /** Settles when it is decided. */
  readonly decided: Promise<ApprovalStatus>;
  #status: ApprovalStatus = 'pending';
  #settle: (status: ApprovalStatus) => void = () => undefined;

  /** @param createdAt minutes of the organisation's clock */
  constructor(
    readonly check: ApprovalCheck,
    readonly asked: Asked,
    readonly createdAt: number,
  ) {
    const { approvers, inSequence = false } = check;
    this.steps = approvers.map((assigned, index) => ({
      assigned,
      order: index + 1,
      status: inSequence && index > 0 ? 'uninitiated' : 'pending',
      comment: '',
    }));
    this.decided = new Promise((resolve) => (this.#settle = resolve));
  }

  get status(): ApprovalStatus {
    return this.#status;
  }

  /** Those who said yes. */
  get approvers(): readonly Person[] {
    return this.steps.filter(({ status }) => status === 'approved').flatMap(({ actual }) => actual ?? []);
  }

  /** The minute of the clock at which it gives up. */
  get endsAt(): number {
    return this.createdAt + (this.check.timeout ?? 43_200);
  }

  /** @throws Error when it is decided, the person is not asked, not yet asked, or queued the run and may not approve it. */
  answer(by: Person, status: 'approved' | 'rejected', comment = ''): void {
    const own = this.steps.filter(({ assigned }) => isOf(by, assigned));
    const step = own.find((each) => each.status === 'pending') ?? own[0];
    if (this.#status !== 'pending') throw new Error(`The approval ${this.id} is ${this.#status} already.`);
    if (step === undefined) throw new Error(`${by.displayName} is no approver of ${this.asked.environment}.`);
    if (step.status !== 'pending') throw new Error(`It is not the turn of ${by.displayName}.`);
    if (
      this.check.requesterCannotApprove === true &&
      by.displayName === this.asked.requestedFor &&
      status === 'approved'
    )
      throw new Error(`${by.displayName} requested the run, and may not approve it.`);
    Object.assign(step, { status, comment, actual: by });
    if (status === 'rejected') this.end('rejected');
    else this.#advance(step);
  }

  /** Ends it without an answer. */
  end(status: ApprovalStatus): void {
    if (this.#status !== 'pending') return;
    this.#status = status;
    for (const step of this.steps) {
      if (step.status === 'pending' || step.status === 'uninitiated') step.status = 'skipped';
    }
    this.#settle(status);
  }

  #advance({ order }: ApprovalStep): void {
    const { minimum = 0 } = this.check;
    const wanted = minimum === 0 ? this.steps.length : minimum;
    if (this.approvers.length >= wanted) return this.end('approved');
    const next = this.steps.find((step) => step.order === order + 1 && step.status === 'uninitiated');
    if (next !== undefined) next.status = 'pending';
  }
}

/** All askings of an organisation. */
export class Approvals {
  readonly all: Approval[] = [];
  readonly #listeners: ((approval: Approval) => void)[] = [];

  get pending(): readonly Approval[] {
    return this.all.filter(({ status }) => status === 'pending');
  }

  /** Tells of each one that begins to wait. */
  whenAsked(listener: (approval: Approval) => void): void {
    this.#listeners.push(listener);
  }

  add(approval: Approval): void {
    this.all.push(approval);
    for (const listener of this.#listeners) listener(approval);
  }

  /** @throws Error as `Approval.answer`, and when there is none of this id. */
  answer(id: string, by: Person, status: 'approved' | 'rejected', comment?: string): void {
    const approval = this.all.find((each) => each.id === id);
    if (approval === undefined) throw new Error(`There is no approval ${id}.`);
    approval.answer(by, status, comment);
  }
}
