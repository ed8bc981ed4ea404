import type { CredentialRequest } from '../common/aks/credentials.ts';
import { aksServerId } from '../common/kubelogin/exec-entry.ts';
import type { ServiceConnection } from '../common/task/connection.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs } from './inputs.gen.ts';

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Which credential the inputs ask for.
 * @throws TaskError when no subscription is known, or a name cannot be one.
 */
export function credentialRequest(inputs: Inputs, connection: ServiceConnection): CredentialRequest {
  const { resourceGroup, cluster, serverFqdn, useClusterAdmin } = inputs;
  const subscriptionId = inputs.subscriptionId ?? connection.data('subscriptionId');
  if (subscriptionId === undefined) {
    throw new TaskError(
      'The service connection belongs to no subscription; name the one of the cluster in subscriptionId.',
    );
  }
  if (!guid.test(subscriptionId)) {
    throw new TaskError(
      `Input subscriptionId is '${subscriptionId}'; it takes the subscription's id, such as ` +
        '11111111-2222-3333-4444-555555555555.',
    );
  }
  if (!/^[\p{L}\p{N}_.()-]{1,90}$/u.test(resourceGroup)) {
    throw new TaskError(`Input resourceGroup is '${resourceGroup}'; it takes the name of a resource group.`);
  }
  if (!/^[\w-]{1,63}$/.test(cluster)) {
    throw new TaskError(`Input cluster is '${cluster}'; it takes the name of an AKS cluster.`);
  }
  return {
    subscriptionId,
    resourceGroup,
    cluster,
    admin: useClusterAdmin,
    serverFqdn: serverFqdn === 'default' ? undefined : serverFqdn,
  };
}

/** The namespace asked for. @throws TaskError when Kubernetes would not take the name. */
export function namespaceOf({ namespace }: Inputs): string | undefined {
  if (namespace === undefined || /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/.test(namespace)) return namespace;
  throw new TaskError(
    `Input namespace is '${namespace}'; it takes up to 63 small letters, digits and dashes, such as web-qa.`,
  );
}

/** The application whose tokens the cluster takes, if it is not AKS's own. @throws TaskError when it is no id of one. */
export function serverAppIdOf({ serverAppId }: Inputs): string | undefined {
  if (serverAppId === undefined || guid.test(serverAppId)) return serverAppId;
  throw new TaskError(
    `Input serverAppId is '${serverAppId}'; it takes the id of an application, such as ${aksServerId}, which is that of ` +
      'all clusters but old ones, and of the empty input.',
  );
}

/** As long as a job of Microsoft's agents; timers of more than 24 days would end at once. */
const longestProof = 3600;

/** How long the proof may take, in seconds. @throws TaskError when that is more than an hour. */
export function proofSecondsOf({ verifyTimeoutSeconds }: Inputs): number {
  if (verifyTimeoutSeconds <= longestProof) return verifyTimeoutSeconds;
  throw new TaskError(`Input verifyTimeoutSeconds is ${verifyTimeoutSeconds}; it takes ${longestProof} at most.`);
}
