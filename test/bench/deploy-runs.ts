import assert from 'node:assert/strict';
import path from 'node:path';
import type { Job, StepResult } from '../agent/index.ts';
import {
  behaviourAnnotation,
  releaseAnnotation,
  startAzure,
  type Azure,
  type AzureOptions,
  type Cluster,
  type ClusterSettings,
  type Identity,
  type RecordedRequest,
} from '../azure/index.ts';
import { Administrator } from './administrator.ts';
import { node, type NodeMajor, type ProgramId } from '../real/index.ts';
import { clusterName, clusterPrograms, startClusterJob, userRole } from './cluster-pipeline.ts';
import { StartedStep } from './started-step.ts';
import { writeFiles } from './write-files.ts';
import { faultChart } from './fault-chart.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/HelmReleaseDeploy');

/** It may create the namespace, too. */
export const ruler = 'Azure Kubernetes Service RBAC Cluster Admin';

export interface DeployRunsOptions {
  /** Programs on the agents' PATH beside kubelogin. */
  readonly helm?: ProgramId;
  readonly node?: NodeMajor;
  readonly azure?: AzureOptions;
  readonly cluster?: Partial<ClusterSettings>;
}

/** A cluster, and runs that deploy to it. */
export interface DeployRuns {
  readonly azure: Azure;
  readonly cluster: Cluster;
  /** Looks at the cluster past the jobs. */
  readonly administrator: Administrator;
  /** Starts the job of one more run, with an identity of its own, by which the log tells its requests from others'. */
  run(): Promise<DeployRun>;
  /** Waits until a request to the API server arrives; the nth of those that match, the first if absent. */
  arrival(match: (request: RecordedRequest) => boolean, nth?: number): Promise<void>;
  /** Makes the pods ready that were held by the chart's value `isHeld`. */
  releasePods(): Promise<void>;
  close(): Promise<void>;
}

/** The job of one run. */
export interface DeployRun {
  readonly job: Job;
  readonly identity: Identity;
  /** Starts HelmReleaseDeploy with the chart of the sources, in namespace `web`. */
  start(inputs?: Readonly<Record<string, string>>): StartedStep;
  /** The same, to its end. */
  deploy(inputs?: Readonly<Record<string, string>>): Promise<StepResult>;
  /** Its requests to the API server so far. */
  requests(): RecordedRequest[];
}

/** Starts an Azure with the small API server. */
export async function startDeployRuns(options: DeployRunsOptions = {}): Promise<DeployRuns> {
  const azure = await startAzure(options.azure);
  return deployRunsOn(azure, azure.cluster(clusterName, options.cluster), options);
}

/** The digest of the chart, as a run says that nothing disturbs. */
export async function undisturbedDigest(): Promise<string> {
  const runs = await startDeployRuns();
  try {
    const { outputs, log } = await (await runs.run()).deploy();
    return outputs['chartDigest'] ?? assert.fail(log.join('\n'));
  } finally {
    await runs.close();
  }
}

/** The same on a cluster that is there. @param admit makes an identity known to it, if Azure's roles do not rule there */
export function deployRunsOn(
  azure: Azure,
  cluster: Cluster,
  options: DeployRunsOptions,
  admit: (identity: Identity) => Promise<void> = () => Promise.resolve(),
): DeployRuns {
  const started: { close(): Promise<void> }[] = [];
  const administrator = new Administrator(azure, cluster);
  let count = 0;
  return {
    azure,
    cluster,
    async run() {
      count += 1;
      const pipeline = await startClusterJob(azure, cluster, {
        ...options,
        kind: 'secret',
        roles: [userRole, ruler],
        programs: [...clusterPrograms.filter((id) => !id.startsWith('helm')), options.helm ?? 'helm-4.2'],
        job: { variables: { 'Build.BuildId': String(8000 + count) } },
      });
      started.push(pipeline);
      await admit(pipeline.identity);
      const nodePath = options.node === undefined ? process.execPath : await node(options.node);
      return runOf(azure, cluster, pipeline, nodePath);
    },
    administrator,
    arrival: (match, nth = 1) =>
      new Promise((resolve) => {
        azure.gate({ nth, match: (request) => request.host === cluster.fqdn && match(request), act: () => resolve() });
      }),
    releasePods: () => releasePods(administrator),
    async close() {
      for (const one of started) await one.close();
      await azure.close();
    },
  };
}

function runOf(
  azure: Azure,
  cluster: Cluster,
  { job, identity }: Pick<DeployRun, 'job' | 'identity'>,
  nodePath: string,
): DeployRun {
  writeFiles(path.join(job.folders.sources, 'chart'), faultChart);
  const usual = {
    azureSubscription: 'contoso-azure',
    resourceGroup: cluster.settings.resourceGroup,
    cluster: cluster.name,
    chart: 'chart',
    namespace: 'web',
    releaseName: 'web',
    leaseSeconds: '20',
    timeout: '60s',
  };
  const start: DeployRun['start'] = (inputs = {}) =>
    new StartedStep((watch) =>
      job.runTask({ ...watch, condition: 'always()', task, node: nodePath, inputs: { ...usual, ...inputs } }),
    );
  return {
    job,
    identity,
    start,
    deploy: (inputs) => start(inputs).ended,
    requests: () => azure.requests.filter(({ host, user }) => host === cluster.fqdn && user === identity.objectId),
  };
}

async function releasePods(administrator: Administrator): Promise<void> {
  const pods = '/api/v1/namespaces/web/pods';
  const metadata = { annotations: { [releaseAnnotation]: 'true' } };
  for (const pod of await administrator.list(pods)) {
    if (pod.metadata.annotations?.[behaviourAnnotation] !== 'slow') continue;
    await administrator.patch(`${pods}/${pod.metadata.name}`, { metadata });
  }
}
