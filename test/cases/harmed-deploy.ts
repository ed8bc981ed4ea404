import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { RecordedRequest } from '../azure/index.ts';
import type { DeployRun, DeployRuns } from '../bench/deploy-runs.ts';
import type { StartedStep, Victim } from '../bench/started-step.ts';

/** What is done to a step, and when. */
export interface Harm {
  /** Number of its request to the API server, from 1. */
  readonly at: number;
  readonly victim: Victim;
  /** Whether that request took effect before, or not yet. */
  readonly when: 'before' | 'after';
  /** Whether the connection is cut then; else it goes on as if nobody had died. */
  readonly isCut: boolean;
}

/** What becomes of the request at which somebody dies. */
const fates = [
  { when: 'before', isCut: false },
  { when: 'before', isCut: true },
  { when: 'after', isCut: true },
] as const;

export function fateOf(at: number): Pick<Harm, 'when' | 'isCut'> {
  return fates[at % fates.length] ?? fates[0];
}

/** A run that was harmed, and the next one. */
export interface Harmed {
  readonly isHarmed: boolean;
  readonly harmed: { readonly run: DeployRun; readonly step: StepResult };
  readonly next: { readonly run: DeployRun; readonly step: StepResult; readonly text: string };
}

/**
 * Starts a run that deploys a text, kills what is to be killed, and deploys another text by the next run: which must go well,
 * with nobody else writing meanwhile, and no secret left on disk.
 * @param digest of the chart
 */
export async function killAndGoOn(runs: DeployRuns, harm: Harm, name: string, digest: string): Promise<Harmed> {
  const run = await runs.run();
  const { step, isHarmed } = await killedAt(runs, run, harm, `${name}, killed`);
  const text = `${name}, again`;
  // Where nobody died there is nothing to make good.
  if (!isHarmed) assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  const next = await runs.run();
  const both = { harmed: { run, step }, next: { run: next, step: await next.deploy(values(text)), text } };
  await assertWentOn(runs, both, digest);
  return { ...both, isHarmed };
}

export const values = (text: string): Record<string, string> => ({ values: `text: ${text}` });

async function killedAt(
  runs: DeployRuns,
  run: DeployRun,
  { at, victim, when, isCut }: Harm,
  text: string,
): Promise<{ step: StepResult; isHarmed: boolean }> {
  let isHarmed = false;
  let started: StartedStep | undefined;
  const remove = runs.azure.gate({
    match: ({ host }) => host === runs.cluster.fqdn,
    nth: at,
    when,
    act() {
      isHarmed = started?.signal(victim, 'SIGKILL') ?? false;
      return isHarmed && isCut ? 'cut' : undefined;
    },
  });
  started = run.start(values(text));
  const step = await started.ended;
  remove();
  return { step, isHarmed };
}

async function assertWentOn(
  runs: DeployRuns,
  { harmed, next }: Omit<Harmed, 'isHarmed'>,
  digest: string,
): Promise<void> {
  const told = [...harmed.step.log, '--- next', ...next.step.log].join('\n');
  assert.equal(next.step.result, 'Succeeded', told);
  await assertDeployed(runs, next, digest, told);
  const since = writesOf(next.run)[0]?.begun ?? 0;
  const late = writesOf(harmed.run).filter(({ begun }) => begun > since);
  assert.deepEqual(late.map(shownRequest), [], told);
  for (const { run } of [harmed, next]) {
    await run.job.finish();
    assert.deepEqual(await run.job.secretsOnDisk(), []);
  }
}

/** What is deployed is what a run was to deploy, by helm's record and by the objects themselves. */
export async function assertDeployed(
  runs: DeployRuns,
  { step, text }: Pick<Harmed['next'], 'step' | 'text'>,
  digest: string,
  told = step.log.join('\n'),
): Promise<void> {
  const { releaseRevision, releaseStatus, chartDigest } = step.outputs;
  assert.deepEqual({ releaseStatus, chartDigest }, { releaseStatus: 'deployed', chartDigest: digest }, told);
  const records = await recordsOf(runs);
  const last = records.at(-1);
  assert.equal(`${last?.version} ${last?.status}`, `${releaseRevision} deployed`, told);
  // What was left pending stays in the history, as with any roll-back of helm's, but not at its end.
  assert.equal(records.filter(({ status }) => status === 'deployed').length, 1, told);
  assert.equal(`sha256:${last?.['helm-delivery/digest-1']}${last?.['helm-delivery/digest-2']}`, digest);
  const find = (at: string) => runs.administrator.find(at);
  const config = (await find('/api/v1/namespaces/web/configmaps/web-text')) as unknown as { data: { text: string } };
  assert.equal(config.data.text, text, told);
  const deployment = (await find('/apis/apps/v1/namespaces/web/deployments/web')) as unknown as Deployment;
  assert.equal(deployment.spec.template.metadata.annotations['contoso.example/text'], text, told);
  assert.equal(deployment.status.readyReplicas, 1, told);
}

interface Deployment {
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
  readonly status: { readonly readyReplicas?: number };
}

/** The labels of helm's records, oldest first. */
export async function recordsOf(runs: DeployRuns): Promise<ReleaseLabels[]> {
  const at = '/api/v1/namespaces/web/secrets?labelSelector=owner%3Dhelm,name%3Dweb';
  const labels = (await runs.administrator.list(at)).map(({ metadata }) => metadata.labels as ReleaseLabels);
  return labels.sort((one, other) => Number(one.version) - Number(other.version));
}

interface ReleaseLabels extends Record<string, string> {
  readonly version: string;
  readonly status: string;
}

/** What it wrote into the cluster. */
export function writesOf(run: DeployRun): RecordedRequest[] {
  return run.requests().filter(({ method, path }) => method !== 'GET' && /^\/apis?\//.test(path));
}

export const shownRequest = ({ method, path, headers }: RecordedRequest): string =>
  `${method} ${path} (${headers['user-agent']})`;

/** A request of a helm that looks whether what it rolled out is ready. */
export const isInWait = ({ method, path, headers }: RecordedRequest): boolean =>
  method === 'GET' && path.endsWith('/replicasets') && (headers['user-agent'] ?? '').startsWith('Helm/');
