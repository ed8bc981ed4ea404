import assert from 'node:assert/strict';
import path from 'node:path';
import type { Job, StepResult } from '../agent/index.ts';
import {
  startAzure,
  type Azure,
  type AzureOptions,
  type Cluster,
  type ClusterSettings,
  type Identity,
  type RecordedRequest,
} from '../azure/index.ts';
import { call } from '../players/azure/loopback-client.ts';
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
  /** Starts the job of one more run, with an identity of its own, by which the log tells its requests from others'. */
  run(): Promise<DeployRun>;
  /** What the administrator sees at a path; undefined where nothing is. */
  seen(path: string): Promise<unknown>;
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

/** The same on a cluster that is there. @param admit makes an identity known to a cluster that Azure's roles do not rule */
export function deployRunsOn(
  azure: Azure,
  cluster: Cluster,
  options: DeployRunsOptions,
  admit: (identity: Identity) => Promise<void> = () => Promise.resolve(),
): DeployRuns {
  const started: { close(): Promise<void> }[] = [];
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
    seen: (at) => seen(azure, cluster, at),
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
    leaseSeconds: '15',
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
    requests: () => azure.requests.filter(({ user }) => user === identity.objectId),
  };
}

async function seen(azure: Azure, { fqdn, admin, authority }: Cluster, at: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${admin.token}` };
  const { status, body } = await call(azure, `https://${fqdn}${at}`, { headers }, authority.certificate);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`${at}: HTTP ${status}: ${body.toString()}`);
  return JSON.parse(body.toString());
}
