import path from 'node:path';
import type { Job, StepResult } from '../agent/index.ts';
import { releaseAnnotation, type EmulatedRegistry, type KubernetesObject } from '../azure/index.ts';
import type { ProgramId } from '../real/index.ts';
import { Administrator } from './administrator.ts';
import {
  clusterName,
  startClusterPipeline,
  type ClusterPipeline,
  type ClusterPipelineOptions,
} from './cluster-pipeline.ts';
import { loginServer } from './pipeline.ts';
import { pushSample, type PushedChart } from './sample-release.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/HelmReleaseDeploy');

export interface ReleasePipelineOptions extends ClusterPipelineOptions {
  /** The helm on the agent's PATH; 4.2 if absent. */
  readonly helm?: ProgramId;
  /** Whether the namespace `shop` is there already; yes if absent. */
  readonly namespace?: boolean;
}

type Inputs = Readonly<Record<string, string>>;
type DeployStep = Omit<Parameters<Job['runTask']>[0], 'task' | 'node' | 'inputs'>;

/** What the labels of a release's Secret say of a revision. */
export interface Revision {
  readonly number: number;
  readonly status: string;
  /** All labels of the Secret, those of the delivery among them. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A pipeline job that rolls charts out, with Azure on loopback, a registry and a cluster around it. */
export interface ReleasePipeline extends ClusterPipeline {
  readonly registry: EmulatedRegistry;
  /** Versions 1.0.0 and 1.1.0 of the sample chart, in the registry. */
  readonly charts: readonly [PushedChart, PushedChart];
  /** Looks at the cluster and changes it, past the job. */
  readonly administrator: Administrator;
  /** Runs HelmReleaseDeploy: chart 1.0.0 as release `web` in namespace `shop`, unless the inputs say otherwise. */
  readonly deploy: (inputs?: Inputs, step?: DeployStep) => Promise<StepResult>;
  /** The same with `action: rollback`. */
  readonly rollback: (inputs?: Inputs, step?: DeployStep) => Promise<StepResult>;
  /** The revisions of a release, oldest first. */
  readonly history: (release?: string, namespace?: string) => Promise<Revision[]>;
  /** An object in namespace `shop`, such as `apis/apps/v1`, `deployments`, `web-go-template-app`. */
  readonly find: (group: string, plural: string, name: string) => Promise<KubernetesObject | undefined>;
  /** Makes the slow pods of namespace `shop` ready that there are now. */
  readonly releasePods: () => Promise<void>;
}

/** Starts an Azure with a registry and a cluster on the small API server, and a job whose connection may deploy. */
export async function startReleasePipeline(options: ReleasePipelineOptions = {}): Promise<ReleasePipeline> {
  return releasePipelineOn(await startClusterPipeline(releasePrograms(options)), options);
}

/** The programs on the agent's PATH that a step needs. */
export function releasePrograms<O extends ReleasePipelineOptions>(options: O): O {
  return { programs: ['kubelogin', 'kubectl', options.helm ?? 'helm-4.2'], ...options };
}

/** The same on a cluster that runs already. */
export async function releasePipelineOn<P extends ClusterPipeline>(
  pipeline: P,
  { namespace: hasNamespace = true }: ReleasePipelineOptions,
): Promise<P & ReleasePipeline> {
  const { azure, cluster, identity, job } = pipeline;
  const registry = azure.registry(loginServer);
  identity.roles.push({ role: 'AcrPull', scope: loginServer });
  const charts = [await pushSample(registry, '1.0.0'), await pushSample(registry, '1.1.0')] as const;
  const administrator = new Administrator(azure, cluster);
  if (hasNamespace) await administrator.create('/api/v1/namespaces', { metadata: { name: 'shop' } });
  const where = { azureSubscription: 'contoso-azure', resourceGroup: 'rg-delivery', cluster: clusterName };
  const run = (own: Inputs, inputs: Inputs, step: DeployStep): Promise<StepResult> => {
    const common = { ...where, namespace: 'shop', releaseName: 'web' };
    // Whatever came before in the job.
    return job.runTask({ condition: 'always()', ...step, task, inputs: { ...common, ...own, ...inputs } });
  };
  return {
    ...pipeline,
    registry,
    charts,
    administrator,
    deploy: (inputs = {}, step = {}) => run({ chart: charts[0].reference, timeout: '60s' }, inputs, step),
    rollback: (inputs = {}, step = {}) => run({ action: 'rollback', timeout: '60s' }, inputs, step),
    history: (release = 'web', namespace = 'shop') => history(administrator, release, namespace),
    find: (group, plural, name) => administrator.find(`/${group}/namespaces/shop/${plural}/${name}`),
    releasePods: () => releasePods(administrator),
  };
}

async function history(administrator: Administrator, release: string, namespace: string): Promise<Revision[]> {
  const selector = encodeURIComponent(`owner=helm,name=${release}`);
  const secrets = await administrator.list(`/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`);
  return secrets
    .map(({ metadata: { labels = {} } }) => {
      return { number: Number(labels['version']), status: labels['status'] ?? '', labels };
    })
    .sort((a, b) => a.number - b.number);
}

async function releasePods(administrator: Administrator): Promise<void> {
  const pods = '/api/v1/namespaces/shop/pods';
  for (const { metadata } of await administrator.list(pods)) {
    await administrator.patch(`${pods}/${metadata.name}`, {
      metadata: { annotations: { [releaseAnnotation]: 'true' } },
    });
  }
}
