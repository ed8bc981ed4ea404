import assert from 'node:assert/strict';
import type { FaultKind, RecordedRequest } from '../azure/index.ts';
import type { DeployRuns } from '../bench/deploy-runs.ts';
import { runsTogether, type StartRuns } from '../bench/open-runs.ts';
import type { ProgramId } from '../real/index.ts';
import { assertDeployed, isInWait, values } from './harmed-deploy.ts';

type Match = (request: RecordedRequest) => boolean;

/** As long as AKS may need to replace a control plane, in ms: what this is about. */
const outageMs = 20_000;

const moments: Readonly<Record<string, Match>> = {
  'when it takes the Lease': ({ path }) => path.endsWith('/leases/helm-delivery-web'),
  'when helm writes its record': ({ method, path }) => method === 'POST' && path.endsWith('/secrets'),
  'when helm writes objects': ({ method, path }) => method === 'PATCH' && path.endsWith('/web-text'),
  'while helm waits': isInWait,
  'when helm writes how it ended': ({ method, path }) => method === 'PUT' && path.endsWith('.v2'),
};

const isRenewal: Match = ({ host, path }) => host === 'login.microsoftonline.com' && path.endsWith('/token');

type Case = (start: StartRuns) => Promise<void>;

/**
 * Declares what deployments live through, on any cluster.
 * @param width how many at once
 */
export function deployOutages(startRuns: StartRuns, width: number): void {
  const gone = (['helm-3.17', 'helm-4.2'] as const).flatMap((helm) =>
    Object.entries(moments).map(([moment, match]): [string, Case] => [
      `lives through an API server that is gone for 20 s ${moment} (${helm})`,
      (start) => livesWithout(start, helm, match),
    ]),
  );
  const kinds = ['429', '500', '503', 'reset', 'lostAnswer'] satisfies FaultKind[];
  const faults = kinds.map((kind): [string, Case] => [
    `lives through ${kind} here and there`,
    (start) => livesThrough(start, kind),
  ]);
  const renewal: [string, Case] = ['renews a token that expires while helm waits', renewsTokens];
  const cases = Object.fromEntries([...gone, ...faults, renewal]);
  runsTogether(startRuns, cases, (start, one) => one(start), width);
}

async function livesWithout(start: StartRuns, helm: ProgramId, match: Match): Promise<void> {
  const runs = await start({ helm });
  const chartDigest = await deployed(runs, 'first');
  const run = await runs.run();
  const reached = runs.arrival(match);
  const step = run.start({ ...values('second'), leaseSeconds: '60', timeout: '5m' });
  await reached;
  const bringBack = runs.azure.takeAway(runs.cluster.fqdn);
  setTimeout(bringBack, outageMs);
  const ended = await step.ended;
  assert.equal(ended.result, 'Succeeded', ended.log.join('\n'));
  await assertDeployed(runs, { step: ended, text: 'second' }, chartDigest);
}

async function livesThrough(start: StartRuns, kind: FaultKind): Promise<void> {
  const runs = await start();
  const chartDigest = await deployed(runs, 'first');
  let count = 0;
  const isHit: Match = ({ host }) => host === runs.cluster.fqdn && (count += 1) % 17 === 5;
  const fault = runs.azure.fault({ kind, match: isHit, times: 3 });
  const ended = await (await runs.run()).deploy(values('second'));
  fault.lift();
  assert.equal(fault.hits, 3);
  assert.equal(ended.result, 'Succeeded', ended.log.join('\n'));
  await assertDeployed(runs, { step: ended, text: 'second' }, chartDigest);
}

async function renewsTokens(start: StartRuns): Promise<void> {
  const runs = await start();
  const chartDigest = await deployed(runs, 'first');
  runs.azure.accessTokens.life = 15;
  const run = await runs.run();
  const waits = runs.arrival(isInWait);
  const step = run.start({ values: 'text: second\nisHeld: true', timeout: '5m' });
  await waits;
  // One for the step's own requests, and one for helm's.
  await renewals(runs, 2);
  await runs.releasePods();
  const ended = await step.ended;
  assert.equal(ended.result, 'Succeeded', ended.log.join('\n'));
  await assertDeployed(runs, { step: ended, text: 'second' }, chartDigest);
}

function renewals(runs: DeployRuns, nth: number): Promise<void> {
  return new Promise((resolve) => {
    runs.azure.gate({ match: isRenewal, nth, act: () => resolve() });
  });
}

async function deployed(runs: DeployRuns, text: string): Promise<string> {
  const { outputs, log } = await (await runs.run()).deploy(values(text));
  return outputs['chartDigest'] ?? assert.fail(log.join('\n'));
}
