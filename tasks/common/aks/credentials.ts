import { createContainerService } from '@azure/arm-containerservice/api';
import {
  listClusterAdminCredentials,
  listClusterUserCredentials,
} from '@azure/arm-containerservice/api/managedClusters';
import type { AzureCredential } from '../azure/index.ts';
import { clientOptions, connectAhead, type NetworkContext } from '../network/index.ts';
import { TaskError } from '../task/outcome.ts';
import type { CredentialRequest } from './credential-request.ts';
import { explainCredentialRefusal } from './errors.ts';

/**
 * Fetches a kubeconfig from Azure Resource Manager, as YAML of somebody else's. It needs no right to read the cluster
 * itself, which a role made for pipelines may lack.
 * @throws TaskError when the cluster does not exist or the identity may not have the credential.
 */
export async function fetchKubeconfig(
  request: CredentialRequest,
  credential: AzureCredential,
  context: NetworkContext,
): Promise<string> {
  const [resourceGroup, cluster] = [request.resourceGroup.value, request.cluster.value];
  const [admin, serverFqdn] = [request.admin.value, request.serverFqdn.value];
  const { resourceManager } = credential.cloud;
  // While the token for it is fetched; anybody may ask for the names of the cloud's services.
  connectAhead(`${resourceManager}/metadata/endpoints?api-version=2022-09-01`, context);
  const client = createContainerService(credential, request.subscriptionId.value, {
    ...clientOptions(context),
    endpoint: resourceManager,
    // Without it the SDK asks for the public cloud's tokens in every cloud.
    credentials: { scopes: [`${resourceManager}/.default`] },
  });
  const fqdn = serverFqdn === undefined ? {} : { serverFqdn };
  try {
    const { kubeconfigs = [] } = admin
      ? await listClusterAdminCredentials(client, resourceGroup, cluster, fqdn)
      : await listClusterUserCredentials(client, resourceGroup, cluster, { ...fqdn, format: 'exec' });
    const wanted = admin ? 'clusterAdmin' : 'clusterUser';
    const found = kubeconfigs.find(({ name }) => name === wanted) ?? kubeconfigs[0];
    if (found?.value === undefined) throw new TaskError(`Azure has no credential for cluster ${cluster}.`);
    return Buffer.from(found.value).toString();
  } catch (error) {
    context.signal.throwIfAborted();
    throw explainCredentialRefusal(error, request, new URL(resourceManager).host);
  }
}
