import type { ClusterNames } from '../common/cluster/named-cluster.ts';
import { given } from '../common/task/inputs.ts';
import type { Inputs } from './inputs.gen.ts';

/** The inputs that name the cluster of the release. */
export function clusterNames(inputs: Inputs): ClusterNames {
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
