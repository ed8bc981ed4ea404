import type { CheckedStage, ChecksOutcome, QueuedRun } from '../../agent/pipelines/run/service.ts';
import { canceled, outcomeOf } from './approval-outcome.ts';
import { Approval, type Approvals } from './approvals.ts';
import { awaitBusinessHours } from './business-hours.ts';
import type { Clock } from './clock.ts';
import { approvalOf } from './environment-checks.ts';
import type { Environments } from './environments.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import { Locks } from './locks.ts';
import type { Directory } from './people.ts';
import type { Pipelines } from './pipelines.ts';
import { staticRefusal } from './static-checks.ts';

/** What the checks know of a run. */
type CheckedRun = Pick<QueuedRun, 'pipeline' | 'branch' | 'requestedFor' | 'sources'>;

interface Parts {
  readonly environments: Environments;
  readonly approvals: Approvals;
  readonly people: Directory;
  readonly clock: Clock;
  readonly pipelines: Pipelines;
}

/** One stage before the checks of its environments. */
interface Checking {
  readonly environments: readonly PlayedEnvironment[];
  readonly stage: CheckedStage;
  readonly run: CheckedRun;
  readonly cancel: AbortSignal;
}

type ApprovalKind = 'preApproval' | 'approval' | 'postApproval';

const passed = { result: 'passed', approvers: [] } as const satisfies ChecksOutcome;

/**
 * Asks the checks of a stage's environments in the service's order: those that need nobody, people before the others, the main
 * approvers and business hours side by side, people after them, then locks. An approval that times out skips the stage, business
 * hours that do not come fail it.
 */
export class StageChecks {
  readonly #parts: Parts;
  readonly #locks = new Locks();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async check(stage: CheckedStage, run: CheckedRun, cancel: AbortSignal): Promise<ChecksOutcome> {
    const pipeline = this.#parts.pipelines.find(run.pipeline)?.id;
    const environments = stage.environments.flatMap((name) => this.#parts.environments.usable(name, pipeline) ?? []);
    const names = environments.map(({ name }) => name.toLowerCase());
    const missing = stage.environments.find((name) => !names.includes(name.toLowerCase()));
    const refusals = environments.map((each) => staticRefusal(each, run));
    const message = missing === undefined ? refusals.find((text) => text !== undefined) : notFound(missing);
    if (message !== undefined) return { result: 'rejected', approvers: [], message };
    const checking = { environments, stage, run, cancel };
    const steps = [
      () => this.#ask('preApproval', checking),
      () => this.#dynamic(checking),
      () => this.#ask('postApproval', checking),
      () => this.#lock(checking),
    ];
    let outcome: ChecksOutcome = passed;
    for (const step of steps) {
      const next = await step();
      outcome = { ...next, approvers: [...outcome.approvers, ...next.approvers] };
      if (next.result !== 'passed') break;
    }
    return outcome;
  }

  /** The first that fails ends the others. */
  async #dynamic(checking: Checking): Promise<ChecksOutcome> {
    const failing = new AbortController();
    const cancel = AbortSignal.any([checking.cancel, failing.signal]);
    const watched = async (outcome: Promise<ChecksOutcome>): Promise<ChecksOutcome> => {
      const ended = await outcome;
      if (ended.result !== 'passed') failing.abort();
      return ended;
    };
    const all = [
      watched(this.#ask('approval', { ...checking, cancel })),
      watched(this.#hours({ ...checking, cancel })),
    ];
    const ended = await Promise.all(all);
    const failed = ended.filter(({ result }) => result !== 'passed');
    const [first = passed] = failed.filter(({ result }) => result !== 'canceled').concat(failed);
    return { ...first, approvers: ended.flatMap(({ approvers }) => approvers) };
  }

  async #hours({ environments, cancel }: Checking): Promise<ChecksOutcome> {
    for (const { name, configurations } of environments) {
      for (const check of configurations.enabled('businessHours')) {
        if (await awaitBusinessHours(check, this.#parts.clock, cancel)) continue;
        if (cancel.aborted) return canceled;
        return {
          ...passed,
          result: 'rejected',
          message: `The business hours of environment ${name} did not come in time.`,
        };
      }
    }
    return passed;
  }

  async #ask(
    kind: ApprovalKind,
    { environments, stage: { run, stage }, run: { pipeline, requestedFor }, cancel }: Checking,
  ): Promise<ChecksOutcome> {
    const { people, clock } = this.#parts;
    const approvals = environments.flatMap(({ name, configurations }) => {
      const asked = { environment: name, runId: run.id, runNumber: run.number, stage, pipeline, requestedFor };
      return configurations.enabled(kind).map((check) => new Approval(approvalOf(check, people), asked, clock.minutes));
    });
    const stop = (): void => approvals.forEach((approval) => approval.end('canceled'));
    cancel.addEventListener('abort', stop, { once: true });
    for (const approval of approvals) this.#parts.approvals.add(approval);
    if (cancel.aborted) stop();
    await Promise.all(approvals.map(({ decided }) => decided));
    cancel.removeEventListener('abort', stop);
    return outcomeOf(approvals);
  }

  async #lock({ environments, stage, run: { pipeline }, cancel }: Checking): Promise<ChecksOutcome> {
    const { lockBehavior = 'runLatest' } = stage;
    const names = environments.filter(isLocked).map(({ name }) => name);
    if (stage.locksItself) names.push(`${pipeline}/${stage.stage}`);
    const taken: (() => void)[] = [];
    const release = (): void => taken.splice(0).forEach((giveBack) => giveBack());
    // In one order for all, so that no two wait for each other.
    for (const name of names.map((each) => each.toLowerCase()).sort()) {
      const giveBack = await this.#locks.take(name, lockBehavior, cancel);
      if (giveBack === undefined) {
        release();
        return cancel.aborted ? canceled : { ...canceled, message: 'A newer run waits for the lock.' };
      }
      taken.push(giveBack);
    }
    return { ...passed, release };
  }
}

/** One that was deleted since the run began, or whose permission was taken. */
function notFound(environment: string): string {
  const cause = `Environment ${environment} could not be found.`;
  return `${cause} The environment does not exist or has not been authorized for use.`;
}

function isLocked({ configurations }: PlayedEnvironment): boolean {
  return configurations.enabled('lock').length > 0;
}
