import type { ObservedHelm, RolloutObserver } from '../rollout/deploy.ts';
import type { TaskContext } from '../task/context.ts';
import { messageOf } from '../task/outcome.ts';
import { BeforeHelm } from './before-helm.ts';
import type { RolloutFacts } from '../diagnosis/report.ts';
import { titleOf } from '../watching/view.ts';
import { conclusionsOf } from './conclusion.ts';
import { ContainerLogs } from './container-logs.ts';
import { EarlyEnd } from './early-end.ts';
import { examined } from './examination.ts';
import { Narrator } from './narrator.ts';
import { type DoctorPlan, type DoctorWaits, usualWaits } from './plan.ts';
import { type Look, Rounds } from './rounds.ts';
import { settle } from './settle.ts';
import type { Status } from './statuses.ts';

/**
 * Looks on at a roll-out: tells how far it is, ends helm's wait where it is in vain, waits for what helm does not wait for, and
 * says why it failed. Its own failures change nothing for the roll-out.
 */
export class Doctor implements RolloutObserver {
  readonly #plan: DoctorPlan;
  readonly #waits: DoctorWaits;
  readonly #narrator: Narrator;
  readonly #logs: ContainerLogs;
  #begun: Promise<void> | undefined;
  #begunAt = 0;
  #rounds: Rounds | undefined;
  #early: EarlyEnd | undefined;
  #before: BeforeHelm | undefined;
  #deadline = Infinity;
  #isUnsettled = false;
  #record: RolloutFacts | undefined;
  #stop: () => void = () => undefined;

  constructor(plan: DoctorPlan, { log }: Pick<TaskContext, 'log'>, waits: DoctorWaits = usualWaits) {
    this.#plan = plan;
    this.#waits = waits;
    this.#narrator = new Narrator(log);
    this.#logs = new ContainerLogs(plan.watch, 2 * waits.holdMs);
  }

  /** Begins to look, and says nothing yet. */
  begin(): void {
    this.#begunAt = Date.now();
    this.#begun = this.#plan.watch.start();
    // What goes wrong is told when helm starts.
    this.#begun.catch(() => undefined);
  }

  /** Whether its lines are a sign of life, so that nobody else needs to give one. */
  get isTelling(): boolean {
    return this.#rounds !== undefined;
  }

  async started(revision: number): Promise<ObservedHelm> {
    const { watch, wait, endEarly } = this.#plan;
    const hopeless = new AbortController();
    let isAtWork = true;
    this.#deadline = Date.now() + wait.timeoutMs;
    await this.#safely(async () => {
      watch.expect(revision);
      await this.#begun;
      const rounds = this.#watchOver((look) => {
        if (isAtWork) this.#endIfVain(look, () => isAtWork, hopeless).catch((error) => this.#breakDown(error));
      });
      this.#before = new BeforeHelm(rounds.seen());
      this.#early = endEarly ? new EarlyEnd(this.#before, { ...wait, lookMs: this.#waits.lookMs }) : undefined;
    });
    return { hopeless: hopeless.signal, ended: () => void (isAtWork = false) };
  }

  async settled(signal: AbortSignal): Promise<string | undefined> {
    const rounds = this.#rounds;
    if (rounds === undefined || !this.#plan.wait.strict) return undefined;
    const { freshMs, leastMs, tickMs } = this.#waits;
    const now = Date.now();
    const tools = {
      ...this.#plan,
      tickMs,
      seen: () => rounds.seen(),
      vain: (look: Look) => this.#early?.look(look),
      isLeftAlone: (status: Status, { view }: Look) => this.#before?.isLeftAlone(status, view) ?? false,
      narrator: this.#narrator,
      times: {
        freshAt: now + freshMs,
        deadline: Math.max(this.#deadline, now + leastMs),
        endEarly: this.#plan.endEarly,
      },
    };
    const reason = await this.#safely(async () => {
      return await settle(tools, signal).finally(() => rounds.look());
    }, signal);
    this.#isUnsettled = reason !== undefined;
    return reason;
  }

  async failed(said: string): Promise<string> {
    const conclusion = await this.#safely(async () => {
      const rounds = this.#rounds;
      if (rounds === undefined) return '';
      rounds.look();
      rounds.newChapter();
      // What helm said of a revision that it calls deployed is not why it is not well.
      const words = this.#isUnsettled ? '' : said;
      const tools = { watch: this.#plan.watch, logs: this.#logs, rounds, readMs: this.#waits.readMs };
      const record = await examined(tools, words);
      this.#record = record;
      return conclusionsOf(record.diagnosis, record.statuses).join('\n');
    });
    return conclusion ?? '';
  }

  /** What was seen; undefined where nothing was looked at. */
  report(): RolloutFacts | undefined {
    const { timeline } = this.#narrator;
    if (this.#record !== undefined) return { ...this.#record, timeline };
    if (this.#rounds === undefined) return undefined;
    try {
      const { view, statuses } = this.#rounds.seen();
      return { diagnosis: { findings: [], unexplained: [] }, statuses, logs: [], timeline, blind: view.blind };
    } catch (error) {
      this.#breakDown(error);
      return undefined;
    }
  }

  /** Tells the last that is new, and looks no longer. */
  close(): void {
    try {
      this.#rounds?.look();
    } catch (error) {
      this.#breakDown(error);
    }
    this.#stop();
    this.#plan.watch.close();
  }

  #watchOver(seen: (look: Look) => void): Rounds {
    const { watch } = this.#plan;
    const tools = { watch, logs: this.#logs, narrator: this.#narrator, begunAt: this.#begunAt };
    const rounds = new Rounds({ ...tools, manners: this.#waits, tickMs: this.#waits.tickMs });
    this.#rounds = rounds;
    this.#stop = rounds.start(seen, (error) => this.#breakDown(error));
    return rounds;
  }

  async #endIfVain(look: Look, isAtWork: () => boolean, hopeless: AbortController): Promise<void> {
    const finding = await this.#early?.confirmed(look, this.#plan.client);
    // helm may have ended meanwhile.
    if (finding === undefined || !isAtWork() || hopeless.signal.aborted) return;
    // Why is told as an error in a moment.
    this.#narrator.say(`helm waits in vain for ${titleOf(finding.owner)}, so it is told to stop.`, look.now);
    hopeless.abort('it waited in vain');
  }

  async #safely<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      this.#breakDown(error);
      return undefined;
    }
  }

  #breakDown(error: unknown): void {
    this.#stop();
    if (this.#rounds !== undefined || this.#begun !== undefined) {
      this.#narrator.say(`The roll-out is not watched: ${messageOf(error)}`, Date.now());
    }
    [this.#rounds, this.#early, this.#begun] = [undefined, undefined, undefined];
  }
}
