import { existsSync } from 'node:fs';
import path from 'node:path';
import { startJob, type Job, type JobOptions, type ServiceConnection, type StepResult } from '../agent/index.ts';
import {
  contosoTenant,
  createClientCertificate,
  startAzure,
  type Azure,
  type AzureOptions,
  type Cluster,
  type ClusterSettings,
  type CloudName,
  type Identity,
  type IdentityKind,
} from '../azure/index.ts';
import { node, realProgram, type NodeMajor, type ProgramId } from '../real/index.ts';
import { azureConnection } from './connections.ts';

export const clusterName = 'contoso-qa';
export const userRole = 'Azure Kubernetes Service Cluster User Role';
export const adminRole = 'Azure Kubernetes Service Cluster Admin Role';
export const writerRole = 'Azure Kubernetes Service RBAC Writer';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/AksCredentials');

export interface ClusterPipelineOptions {
  /** How the connection proves itself; federation if absent. */
  readonly kind?: IdentityKind;
  /** Of a managed identity: whether it is the machine's own. */
  readonly systemAssigned?: boolean;
  /** What the identity may do on the cluster; if absent it may fetch the user credential and deploy. */
  readonly roles?: readonly string[];
  readonly cloud?: CloudName;
  readonly tenantId?: string;
  readonly cluster?: Partial<ClusterSettings>;
  /** Programs on the agent's PATH; kubelogin, kubectl and helm if absent. */
  readonly programs?: readonly ProgramId[];
  /** Node that runs the task; default the one of the tests. */
  readonly node?: NodeMajor;
  readonly azure?: AzureOptions;
  readonly job?: JobOptions | ((azure: Azure) => JobOptions);
}

type FetchStep = Omit<Parameters<Job['runTask']>[0], 'task' | 'node'>;

/** A pipeline job that works with an AKS cluster, with Azure on loopback around it. */
export interface ClusterPipeline {
  readonly azure: Azure;
  readonly cluster: Cluster;
  readonly identity: Identity;
  readonly job: Job;
  /** Runs AksCredentials for the cluster. */
  readonly fetch: (inputs?: Readonly<Record<string, string>>, step?: Omit<FetchStep, 'inputs'>) => Promise<StepResult>;
  close(): Promise<void>;
}

/** What kubectl and helm need of the programs; obtaining kubelogin may take minutes the first time. */
export const clusterPrograms: readonly ProgramId[] = ['kubelogin', 'kubectl', 'helm-4.2'];

/** Starts an Azure with one cluster, and a job whose connection `contoso-azure` may work in it. */
export async function startClusterPipeline(options: ClusterPipelineOptions = {}): Promise<ClusterPipeline> {
  const azure = await startAzure(options.azure);
  const pipeline = await startClusterPipelineOn(azure, options);
  return {
    ...pipeline,
    async close() {
      await pipeline.close();
      await azure.close();
    },
  };
}

/** The same in an Azure that the caller closes. */
export async function startClusterPipelineOn(
  azure: Azure,
  options: ClusterPipelineOptions = {},
): Promise<ClusterPipeline> {
  const { cloud = 'AzureCloud', tenantId = contosoTenant } = options;
  return startClusterJob(azure, azure.cluster(clusterName, { cloud, tenantId, ...options.cluster }), options);
}

/** One more job, whose connection has an identity of its own, that works with a cluster that is there. */
export async function startClusterJob(
  azure: Azure,
  cluster: Cluster,
  options: ClusterPipelineOptions = {},
): Promise<ClusterPipeline> {
  const { identity, connection } = await addIdentity(azure, options);
  const job = await startJob(await jobOptions(azure, connection, options));
  const nodePath = options.node === undefined ? process.execPath : await node(options.node);
  const where = { azureSubscription: 'contoso-azure', resourceGroup: 'rg-delivery', cluster: clusterName };
  return {
    azure,
    cluster,
    identity,
    job,
    fetch: (inputs = {}, step = {}) => job.runTask({ ...step, task, node: nodePath, inputs: { ...where, ...inputs } }),
    async close() {
      await job.finish();
      await job.dispose();
    },
  };
}

interface Connected {
  readonly identity: Identity;
  readonly connection: ServiceConnection;
}

async function addIdentity(azure: Azure, options: ClusterPipelineOptions): Promise<Connected> {
  const { kind = 'federated', cloud = 'AzureCloud', tenantId = contosoTenant } = options;
  const roles = (options.roles ?? [userRole, writerRole]).map((role) => ({ role, scope: clusterName }));
  const principal = { cloud, tenantId, roles };
  if (kind === 'certificate') {
    const { certificate, pem } = await createClientCertificate();
    const identity = azure.identities.add({ kind, certificate, ...principal });
    return { identity, connection: azureConnection(identity, pem) };
  }
  const identity = addPlain(azure, kind, principal, options.systemAssigned ?? false);
  return { identity, connection: azureConnection(identity) };
}

function addPlain(
  azure: Azure,
  kind: Exclude<IdentityKind, 'certificate'>,
  principal: Pick<Identity, 'cloud' | 'tenantId' | 'roles'>,
  systemAssigned: boolean,
): Identity {
  if (kind === 'secret') return azure.identities.add({ kind, ...principal });
  return kind === 'managed'
    ? azure.identities.add({ kind, systemAssigned, ...principal })
    : azure.identities.add({ kind, ...principal });
}

async function jobOptions(
  azure: Azure,
  connection: ServiceConnection,
  { programs = clusterPrograms, job: given = {} }: ClusterPipelineOptions,
): Promise<JobOptions> {
  const job = typeof given === 'function' ? given(azure) : given;
  const folders = await Promise.all(programs.map(async (id) => path.dirname(await realProgram(id))));
  const PATH = [...folders, ...systemFolders()].join(path.delimiter);
  return {
    accessToken: azure.job.accessToken,
    ...job,
    variables: { 'System.OidcRequestUri': azure.job.oidcRequestUri, ...job.variables },
    serviceConnections: [connection, ...(job.serviceConnections ?? [])],
    environment: { ...azure.environment, PATH, ...job.environment },
  };
}

/** PATH without any folder that holds one of the programs of this machine. */
function systemFolders(): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.filter((folder) => !['helm', 'kubelogin'].some((name) => existsSync(path.join(folder, name))));
}
