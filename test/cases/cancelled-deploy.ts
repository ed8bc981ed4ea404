import assert from 'node:assert/strict';
import type { RecordedRequest } from '../azure/index.ts';
import type { DeployRuns } from '../bench/deploy-runs.ts';
import { runsTogether, type StartRuns } from '../bench/open-runs.ts';
import type { ProgramId } from '../real/index.ts';
import { assertDeployed, isInWait, recordsOf, values } from './harmed-deploy.ts';

type Match = (request: RecordedRequest) => boolean;

const isRecord: Match = ({ method, path }) => method === 'POST' && path.endsWith('/secrets');

/** When somebody presses Cancel, and what of the old step may be pending then. */
const moments: Readonly<Record<string, { readonly at: Match; readonly nth?: number; readonly inputs?: object }>> = {
  'before it has the Lease': { at: ({ path }) => path.endsWith('/leases/helm-delivery-web') },
  'while helm writes its record': { at: isRecord },
  'while helm writes objects': {
    at: ({ method, path }) => method !== 'GET' && path.endsWith('/deployments/web'),
  },
  'while helm waits': { at: isInWait },
  'while it rolls back what failed': {
    // The record of the upgrade comes first.
    at: isRecord,
    nth: 2,
    inputs: { timeout: '3s' },
  },
};

interface Cancelled {
  readonly helm: ProgramId;
  readonly moment: keyof typeof moments;
}

/**
 * Declares what becomes of a release whose step is cancelled, on any cluster.
 * @param width how many at once
 */
export function cancelledDeploys(startRuns: StartRuns, width: number): void {
  const cases = (['helm-3.17', 'helm-4.2'] as const).flatMap((helm) =>
    Object.keys(moments).map((moment): [string, Cancelled] => [
      `${moment} (${helm}): the Lease is given back, and the next run deploys`,
      { helm, moment },
    ]),
  );
  runsTogether(startRuns, Object.fromEntries(cases), cancelAndGoOn, width);
}

async function cancelAndGoOn(start: StartRuns, { helm, moment }: Cancelled): Promise<void> {
  const { at, nth = 1, inputs } = moments[moment] ?? assert.fail(moment);
  const runs = await start({ helm });
  const { chartDigest = '' } = (await (await runs.run()).deploy(values('first'))).outputs;
  const run = await runs.run();
  const reached = runs.arrival(at, nth);
  const step = run.start({ values: 'text: cancelled\nisHeld: true', ...inputs });
  await reached;
  step.cancel();
  const ended = await step.ended;
  const log = ended.log.join('\n');
  assert.equal(ended.result, 'Canceled', log);
  assert.ok(!ended.leftProcesses, log);
  await assertLeftInOrder(runs, log);
  await run.job.finish();
  assert.deepEqual(await run.job.secretsOnDisk(), []);
  const next = await (await runs.run()).deploy(values('next'));
  assert.equal(next.result, 'Succeeded', `${log}\n--- next\n${next.log.join('\n')}`);
  assert.doesNotMatch(next.log.join('\n'), /Another run works on release/);
  await assertDeployed(runs, { step: next, text: 'next' }, chartDigest);
}

/** The Lease is free, and what is pending, if anything, is noted on it. */
async function assertLeftInOrder({ administrator, ...runs }: DeployRuns, log: string): Promise<void> {
  const at = '/apis/coordination.k8s.io/v1/namespaces/web/leases/helm-delivery-web';
  const lease = (await administrator.find(at)) as
    { spec?: { holderIdentity?: string }; metadata: Annotated } | undefined;
  assert.equal(lease?.spec?.holderIdentity, undefined, log);
  const last = (await recordsOf({ administrator, ...runs })).at(-1);
  if (last === undefined || ['failed', 'deployed'].includes(last.status)) return;
  assert.match(last.status, /^pending-/, log);
  const note = JSON.parse(lease?.metadata.annotations?.['helm-delivery/left'] ?? '{}') as { revision?: number };
  assert.equal(note.revision, Number(last.version), log);
}

interface Annotated {
  readonly annotations?: Readonly<Record<string, string>>;
}
