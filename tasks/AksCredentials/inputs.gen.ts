// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Azure Resource Manager service connection whose identity may fetch the cluster's credential (Azure Kubernetes Service Cluster User Role) and work in the cluster. Workload identity federation, service principal (secret or certificate) and managed identity work alike. */
  readonly azureSubscription: string;
  /** Id of the cluster's subscription, if it is not the one of the service connection; a connection to a management group needs it. */
  readonly subscriptionId: string | undefined;
  /** Resource group of the cluster. */
  readonly resourceGroup: string;
  /** Name of the AKS cluster. */
  readonly cluster: string;
  /** Namespace that kubectl and helm use when none is given to them. Empty: `default`. */
  readonly namespace: string | undefined;
  /** Use the cluster's own administrator instead of the connection's identity. It needs the Azure Kubernetes Service Cluster Admin Role and local accounts, and may do everything. */
  readonly useClusterAdmin: boolean;
  /** Prove before the step ends that the API server accepts the identity and lets it work in the namespace. */
  readonly verifyAccess: boolean;
  /** Which name of the API server to use: for a private cluster `default` is the one of its private network, `public` its public name, if it has one. */
  readonly serverFqdn: 'default' | 'public' | 'private';
  /** Id of the application whose tokens the cluster takes, for clusters with the former Entra ID integration. Empty: AKS's own, `6dae42f8-4368-4678-94ff-3960e28e3630`. A kubeconfig that names another one is refused. */
  readonly serverAppId: string | undefined;
  /** How long the proof may take, in seconds; 3600 at most. */
  readonly verifyTimeoutSeconds: number;
}

export type Output = 'kubeconfigPath' | 'clusterContext' | 'apiServerUrl';

export function readInputs(input: InputReader): Inputs {
  return {
    azureSubscription: input.requiredText('azureSubscription'),
    subscriptionId: input.text('subscriptionId'),
    resourceGroup: input.requiredText('resourceGroup'),
    cluster: input.requiredText('cluster'),
    namespace: input.text('namespace'),
    useClusterAdmin: input.flag('useClusterAdmin', false),
    verifyAccess: input.flag('verifyAccess', true),
    serverFqdn: input.choice('serverFqdn', ['default', 'public', 'private'], 'default'),
    serverAppId: input.text('serverAppId'),
    verifyTimeoutSeconds: input.wholeNumber('verifyTimeoutSeconds', 60),
  };
}
