import type { ServiceConnection } from '../task/connection.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';

/** Which credential of which cluster, with the inputs that say so. */
export interface CredentialRequest {
  readonly subscriptionId: Given<string>;
  readonly resourceGroup: Given<string>;
  readonly cluster: Given<string>;
  /** The cluster's local administrator instead of the connection's own identity. */
  readonly admin: Given<boolean>;
  /** Which of the API server's names the kubeconfig is to have; undefined leaves it to the cluster. */
  readonly serverFqdn: Given<'public' | 'private' | undefined>;
}

/** The same as a task's inputs have it. */
export interface CredentialInputs extends Omit<CredentialRequest, 'subscriptionId' | 'serverFqdn'> {
  /** Empty: the subscription of the service connection. */
  readonly subscriptionId: Given<string | undefined>;
  readonly serverFqdn: Given<'default' | 'public' | 'private'>;
}

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Which credential the inputs ask for.
 * @throws TaskError when no subscription is known, or a name cannot be one.
 */
export function credentialRequest(inputs: CredentialInputs, connection: ServiceConnection): CredentialRequest {
  const { resourceGroup, cluster, admin, serverFqdn } = inputs;
  const { input } = inputs.subscriptionId;
  const subscriptionId = inputs.subscriptionId.value ?? connection.data('subscriptionId');
  if (subscriptionId === undefined) {
    throw new TaskError(`The service connection belongs to no subscription; name the one of the cluster in ${input}.`);
  }
  if (!guid.test(subscriptionId)) {
    throw new TaskError(
      `Input ${input} is '${subscriptionId}'; it takes the subscription's id, such as ` +
        '11111111-2222-3333-4444-555555555555.',
    );
  }
  if (!/^[\p{L}\p{N}_.()-]{1,90}$/u.test(resourceGroup.value))
    throw wrong(resourceGroup, 'the name of a resource group');
  if (!/^[\w-]{1,63}$/.test(cluster.value)) throw wrong(cluster, 'the name of an AKS cluster');
  const name = serverFqdn.value === 'default' ? undefined : serverFqdn.value;
  return {
    subscriptionId: { input, value: subscriptionId },
    resourceGroup,
    cluster,
    admin,
    serverFqdn: { input: serverFqdn.input, value: name },
  };
}

function wrong({ input, value }: Given<string>, wanted: string): TaskError {
  return new TaskError(`Input ${input} is '${value}'; it takes ${wanted}.`);
}

/** The application whose tokens a cluster takes, if it is not AKS's own. @throws TaskError when it is no id of one. */
export function checkedServerAppId(given: Given<string | undefined>): Given<string | undefined> {
  const { input, value } = given;
  if (value === undefined || guid.test(value)) return given;
  throw new TaskError(
    `Input ${input} is '${value}'; it takes the id of an application, such as ${aksServerId}, which is that of ` +
      'all clusters but old ones, and of the empty input.',
  );
}

/** The application that stands for the API servers of AKS, the same in all clouds (learn.microsoft.com, "Use kubelogin"). */
export const aksServerId = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** The namespace asked for. @throws TaskError when Kubernetes would not take the name. */
export function checkedNamespace<Namespace extends string | undefined>({ input, value }: Given<Namespace>): Namespace {
  if (value === undefined || /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/.test(value)) return value;
  throw new TaskError(
    `Input ${input} is '${value}'; it takes up to 63 small letters, digits and dashes, such as web-qa.`,
  );
}
