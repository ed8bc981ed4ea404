import { checkedServerAppId, credentialRequest } from '../common/aks/credential-request.ts';
import { clusterOfJob } from '../common/cluster/job-kubeconfig.ts';
import { type OpenCluster, openCluster } from '../common/cluster/open-cluster.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/**
 * The cluster that the inputs name, else the one of an earlier step's KUBECONFIG.
 * @throws TaskError when there is neither, or it cannot be opened.
 */
export async function clusterOf(inputs: Inputs, context: TaskContext<Output>): Promise<OpenCluster> {
  const { azureSubscription, resourceGroup, cluster } = inputs;
  if (azureSubscription === undefined || resourceGroup === undefined || cluster === undefined) {
    return clusterOfJob(context, {
      instead: 'run AksCredentials before it in this job, or give inputs azureSubscription, resourceGroup and cluster',
    });
  }
  const connection = context.connection(azureSubscription, 'azureSubscription');
  const wanted = {
    subscriptionId: given(inputs, 'subscriptionId'),
    resourceGroup: { input: 'resourceGroup', value: resourceGroup },
    cluster: { input: 'cluster', value: cluster },
    admin: given(inputs, 'useClusterAdmin'),
    serverFqdn: given(inputs, 'serverFqdn'),
  };
  const credential = credentialRequest(wanted, connection);
  const serverAppId = checkedServerAppId(given(inputs, 'serverAppId'));
  // Nothing of it is for later steps.
  const own = { ...context, jobFolder: () => context.privateFolder() };
  return openCluster({ credential, serverAppId, connection }, own);
}
