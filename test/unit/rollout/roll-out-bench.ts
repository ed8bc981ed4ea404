import { type DeployRequest, rollOut } from '../../../tasks/common/rollout/deploy.ts';
import type { DeliveryLabels } from '../../../tasks/common/rollout/labels.ts';
import type { HeldLease, RolloutTools, WorkOnRelease } from '../../../tasks/common/rollout/release.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeHelm } from './fake-helm.ts';

export const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
export const labels: DeliveryLabels = {
  ciProject: 'project-1',
  ciPipeline: '12',
  ciRun: '345',
  deployRun: '400',
  commit: 'b0ba2f1',
  digest,
  approver: undefined,
};

/** A Lease that is held until a test takes it away. */
export class FakeLease implements HeldLease {
  readonly #lost = new AbortController();
  readonly notes: string[] = [];
  left: HeldLease['left'];
  isHeld = true;

  readonly lost = this.#lost.signal;
  holds = (): boolean => this.isHeld;

  async note(work: WorkOnRelease | undefined): Promise<void> {
    this.notes.push(work === undefined ? 'none' : `${work.action} ${work.revision}`);
  }

  lose(reason: Error): void {
    this.isHeld = false;
    this.#lost.abort(reason);
  }
}

/** A release `shop` in namespace `web`, and all that a roll-out of it needs. */
export function rollOutBench(...history: string[]) {
  const cluster = new FakeCluster();
  for (const [index, line] of history.entries()) {
    const [status = '', deployRun = '1'] = line.split(' by ');
    cluster.of('shop').push({
      number: index + 1,
      status,
      labels: { 'helm-delivery/deploy-run': deployRun },
      createdAt: new Date(),
    });
  }
  const helm = new FakeHelm(cluster);
  const lease = new FakeLease();
  const log: string[] = [];
  const cancel = new AbortController();
  const state = { troubles: 0 };
  const note = (kind: string) => (message: string) => void log.push(`${kind}: ${message}`);
  const tools: RolloutTools = {
    helm,
    client: cluster,
    lease,
    troubles: () => state.troubles,
    context: {
      log: {
        info: note('info'),
        warning: note('warning'),
        error: note('error'),
        debug: note('debug'),
        progress: () => undefined,
      },
      signal: cancel.signal,
    },
    waits: { again: [0, 0], look: 1 },
  };
  const request: DeployRequest = {
    release: { name: 'shop', namespace: 'web' },
    chart: '/job/shop-1.2.3.tgz',
    valuesFile: '/job/values.yaml',
    wait: { timeoutSeconds: 300, strategy: 'legacy', forJobs: false },
    historyMax: 10,
    forceConflicts: false,
    skipCrds: false,
    takeOwnership: false,
    runTests: false,
    labels,
    onFailure: { input: 'onFailure', value: 'rollback' },
    older: { ifOlder: { input: 'ifOlder', value: 'warn' }, isManual: false },
    waitForOther: { input: 'waitForOther', value: 0 },
  };
  return {
    cluster,
    helm,
    lease,
    log,
    cancel,
    state,
    tools,
    request,
    history: () => cluster.history('shop'),
    deploy: (changes: Partial<DeployRequest> = {}) => rollOut({ ...request, ...changes }, tools),
  };
}
