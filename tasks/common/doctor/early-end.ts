import { diagnose } from '../diagnosis/diagnose.ts';
import type { Finding } from '../diagnosis/finding.ts';
import { time } from '../watching/fields.ts';
import { type BeforeHelm, isHook } from './before-helm.ts';
import { isStillSo, shownIn } from './confirm.ts';
import type { DoctorPlan } from './plan.ts';
import type { Look } from './rounds.ts';
import { restAfter } from './rest.ts';
import { isAwaited, isTrouble } from './statuses.ts';
import { Twice } from './twice.ts';

/** When waiting is given up. */
export interface EarlyEndRules extends Pick<DoctorPlan['wait'], 'strict' | 'forJobs'> {
  /** From one look to the next, in ms. */
  readonly lookMs: number;
}

/** Finds causes that keep what helm has changed, and waits for, from ever being ready. */
export class EarlyEnd {
  readonly #before: BeforeHelm;
  readonly #rules: EarlyEndRules;
  readonly #twice = new Twice();
  #nextAt = -Infinity;

  constructor(before: BeforeHelm, rules: EarlyEndRules) {
    this.#before = before;
    this.#rules = rules;
  }

  /** The same, once the API server itself has said that what was found is so now. Never rejects. */
  async confirmed(look: Look, client: Parameters<typeof isStillSo>[2]): Promise<Finding | undefined> {
    const finding = this.look(look);
    return finding !== undefined && (await isStillSo(finding, look.view, client)) ? finding : undefined;
  }

  /** @returns what was found at two looks, and cannot mend itself */
  look(look: Look): Finding | undefined {
    const { view, clusterNow } = look;
    if (clusterNow < this.#nextAt) return undefined;
    const begunAt = Date.now();
    const vain = diagnose(view, '', new Date(clusterNow)).findings.filter(
      (finding) =>
        !finding.canMend &&
        this.#before.isChanged(finding.owner, view) &&
        this.#isWaitedFor(finding, look) &&
        isOfThisRun(finding, look),
    );
    this.#nextAt = clusterNow + Math.max(this.#rules.lookMs, restAfter(Date.now() - begunAt));
    return this.#twice.look(vain, ({ cause, owner }) => `${cause} ${owner.kind}/${owner.name}`);
  }

  /**
   * What helm would call deployed without it, such as a Job or a Deployment that is paused, must not end it; nor must what
   * only takes long, such as a large image that is pulled for longer than a Deployment's progressDeadlineSeconds.
   */
  #isWaitedFor({ owner }: Finding, { view, statuses }: Look): boolean {
    const { strict, forJobs = false } = this.#rules;
    if (isHook(owner, view)) return true;
    if (owner.kind === 'Job') return forJobs;
    const isOpen = statuses.some(
      (status) =>
        status.object.kind === owner.kind &&
        status.object.name === owner.name &&
        isAwaited(status) &&
        isTrouble(status),
    );
    return strict && isOpen;
  }
}

/** What an older pod says may be of before the run: a kubelet that pauses for minutes has not looked again since. */
function isOfThisRun(finding: Finding, { view }: Look): boolean {
  const object = shownIn(finding, view);
  if (object?.kind !== 'Pod') return true;
  const madeAt = time(object.metadata.creationTimestamp);
  return madeAt === undefined || madeAt >= view.since;
}
