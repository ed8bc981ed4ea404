import type { CheckedStage, ChecksOutcome } from '../../agent/pipelines/run/service.ts';
import { Approval, type Approvals } from './approvals.ts';
import type { Environments, PlayedEnvironment } from './environments.ts';
import { Locks } from './locks.ts';
import type { Person } from './people.ts';

/** What the checks know of a run. */
export interface CheckedRun {
  readonly pipeline: string;
  readonly branch: string;
  readonly requestedFor: string;
}

const [passed, canceled] = [
  { result: 'passed', approvers: [] },
  { result: 'canceled', approvers: [] },
] as const satisfies ChecksOutcome[];

/**
 * Asks the checks of a stage's environments in the service's order: those that need nobody, then people, then locks. An approval
 * that times out skips the stage.
 */
export class StageChecks {
  readonly #environments: Environments;
  readonly #approvals: Approvals;
  readonly #locks = new Locks();
  readonly #now: () => number;

  /** @param now minutes of the organisation's clock */
  constructor(environments: Environments, approvals: Approvals, now: () => number) {
    this.#environments = environments;
    this.#approvals = approvals;
    this.#now = now;
  }

  async check(stage: CheckedStage, run: CheckedRun, cancel: AbortSignal): Promise<ChecksOutcome> {
    const environments = stage.environments.flatMap((name) => this.#environments.find(name) ?? []);
    const shutOut = environments.find(({ checks }) => !allows(checks.allowedBranches, run.branch));
    if (shutOut !== undefined) {
      const message = `Branch control of environment ${shutOut.name} does not allow ${run.branch}.`;
      return { result: 'rejected', approvers: [], message };
    }
    const asked = await this.#ask(environments, stage, run, cancel);
    if (asked.result !== 'passed') return asked;
    return { ...(await this.#lock(environments, stage, run, cancel)), approvers: asked.approvers };
  }

  async #ask(
    environments: readonly PlayedEnvironment[],
    { run: { id, number }, stage }: CheckedStage,
    run: CheckedRun,
    cancel: AbortSignal,
  ): Promise<ChecksOutcome> {
    const approvals = environments.flatMap(({ name, checks }) => {
      if (checks.approval === undefined || checks.approvalDisabled === true) return [];
      const asked = { environment: name, runId: id, runNumber: number, stage, ...run };
      return [new Approval(checks.approval, asked, this.#now())];
    });
    const stop = (): void => approvals.forEach((approval) => approval.end('canceled'));
    cancel.addEventListener('abort', stop, { once: true });
    for (const approval of approvals) this.#approvals.add(approval);
    if (cancel.aborted) stop();
    await Promise.all(approvals.map(({ decided }) => decided));
    cancel.removeEventListener('abort', stop);
    return outcomeOf(approvals);
  }

  async #lock(
    environments: readonly PlayedEnvironment[],
    { stage, lockBehavior = 'runLatest', locksItself }: CheckedStage,
    { pipeline }: CheckedRun,
    cancel: AbortSignal,
  ): Promise<ChecksOutcome> {
    const names = environments.filter(({ checks }) => checks.exclusiveLock === true).map(({ name }) => name);
    if (locksItself) names.push(`${pipeline}/${stage}`);
    const taken: (() => void)[] = [];
    const release = (): void => taken.splice(0).forEach((giveBack) => giveBack());
    // In one order for all, so that no two wait for each other.
    for (const name of names.map((each) => each.toLowerCase()).sort()) {
      const giveBack = await this.#locks.take(name, lockBehavior, cancel);
      if (giveBack === undefined) {
        release();
        return { ...canceled, message: cancel.aborted ? 'The run was cancelled.' : 'A newer run waits for the lock.' };
      }
      taken.push(giveBack);
    }
    return { ...passed, release };
  }
}

function outcomeOf(approvals: readonly Approval[]): ChecksOutcome {
  const approvers = approvals.flatMap((approval) => approval.approvers).map(({ displayName }) => displayName);
  const rejected = approvals.find(({ status }) => status === 'rejected');
  if (rejected !== undefined) return { result: 'rejected', approvers, message: refusalOf(rejected) };
  if (approvals.some(({ status }) => status === 'canceled')) return { ...canceled, message: 'The run was cancelled.' };
  const late = approvals.find(({ status }) => status === 'timedOut');
  if (late === undefined) return { result: 'passed', approvers };
  return { result: 'skipped', approvers, message: `Nobody approved environment ${late.asked.environment} in time.` };
}

function refusalOf({ steps, asked }: Approval): string {
  const by = steps.find(({ status }) => status === 'rejected');
  const who: Person | undefined = by?.assigned;
  const said = by === undefined || by.comment === '' ? '' : `: ${by.comment}`;
  return `${who?.displayName ?? 'Somebody'} rejected environment ${asked.environment}${said}`;
}

function allows(branches: readonly string[] | undefined, branch: string): boolean {
  if (branches === undefined) return true;
  return branches.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join('.*')}$`).test(branch);
  });
}
