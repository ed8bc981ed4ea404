import { checkedServerAppId, type CredentialInputs, credentialRequest } from '../aks/credential-request.ts';
import type { TaskContext } from '../task/context.ts';
import { type Given, given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { clusterOfJob } from './job-kubeconfig.ts';
import { type OpenCluster, openCluster } from './open-cluster.ts';

/** The inputs that name a cluster, or none of it for the cluster of an earlier step. */
export interface ClusterNames extends Omit<CredentialInputs, 'resourceGroup' | 'cluster'> {
  readonly azureSubscription: Given<string | undefined>;
  readonly resourceGroup: Given<string | undefined>;
  readonly cluster: Given<string | undefined>;
  readonly serverAppId: Given<string | undefined>;
}

/** The inputs of a task that name a cluster, as every task that works in one has them. */
export interface ClusterInputs {
  readonly azureSubscription: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  readonly cluster: string | undefined;
  readonly useClusterAdmin: boolean;
  readonly serverFqdn: 'default' | 'public' | 'private';
  readonly serverAppId: string | undefined;
}

/** What the inputs say of the cluster, each with its name. */
export function clusterNames(inputs: ClusterInputs): ClusterNames {
  return {
    azureSubscription: given(inputs, 'azureSubscription'),
    subscriptionId: given(inputs, 'subscriptionId'),
    resourceGroup: given(inputs, 'resourceGroup'),
    cluster: given(inputs, 'cluster'),
    admin: given(inputs, 'useClusterAdmin'),
    serverFqdn: given(inputs, 'serverFqdn'),
    serverAppId: given(inputs, 'serverAppId'),
  };
}

/** Checks what needs nothing but the inputs. @throws TaskError where they name half a cluster */
export function checkClusterNames({ azureSubscription, resourceGroup, cluster, admin }: ClusterNames): void {
  if ((resourceGroup.value === undefined) !== (cluster.value === undefined)) {
    const [has, lacks] = cluster.value === undefined ? [resourceGroup, cluster] : [cluster, resourceGroup];
    throw new TaskError(
      `Input ${has.input} is given, input ${lacks.input} is empty: give both, or neither for the cluster of an earlier step ` +
        'AksCredentials.',
    );
  }
  if (cluster.value !== undefined && azureSubscription.value === undefined) {
    throw new TaskError(
      `Input ${cluster.input} needs a connection that may fetch its credential: give input ${azureSubscription.input}, or leave ` +
        `${cluster.input} and ${resourceGroup.input} empty for the cluster of an earlier step AksCredentials.`,
    );
  }
  if (cluster.value === undefined && admin.value) {
    throw new TaskError(
      `Input ${admin.input} belongs to the inputs ${resourceGroup.input} and ${cluster.input}; without them it counts in the ` +
        'step AksCredentials.',
    );
  }
}

/**
 * The cluster that the inputs name, else the one of an earlier step's KUBECONFIG.
 * @throws TaskError when there is neither, or it cannot be opened.
 */
export async function openNamedCluster(names: ClusterNames, context: TaskContext): Promise<OpenCluster> {
  const { azureSubscription, resourceGroup, cluster } = names;
  if (azureSubscription.value === undefined || resourceGroup.value === undefined || cluster.value === undefined) {
    return clusterOfJob(context, {
      instead: `run AksCredentials before it in this job, or give inputs ${azureSubscription.input}, ${resourceGroup.input} and ${cluster.input}`,
    });
  }
  const connection = context.connection(azureSubscription.value, azureSubscription.input);
  const wanted = {
    ...names,
    resourceGroup: { input: resourceGroup.input, value: resourceGroup.value },
    cluster: { input: cluster.input, value: cluster.value },
  };
  const credential = credentialRequest(wanted, connection);
  const serverAppId = checkedServerAppId(names.serverAppId);
  // Nothing of it is for later steps.
  const own = { ...context, jobFolder: () => context.privateFolder() };
  return openCluster({ credential, serverAppId, connection }, own);
}
