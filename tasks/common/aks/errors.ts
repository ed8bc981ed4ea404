import type { Given } from '../task/inputs.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { firstLine } from '../text/lines.ts';
import type { CredentialRequest } from './credential-request.ts';

/** Why Azure Resource Manager gave no kubeconfig, in a pipeline author's terms. @param host the one that was asked. */
export function explainCredentialRefusal(error: unknown, request: CredentialRequest, host: string): TaskError {
  if (error instanceof TaskError) return error;
  const { status, code, message } = answerIn(error);
  const [cluster, resourceGroup, subscriptionId, admin] = [
    request.cluster.value,
    request.resourceGroup.value,
    request.subscriptionId.value,
    request.admin.value,
  ];
  if (status === undefined) {
    return new TaskError(
      `${host} could not be asked for the credential of cluster ${cluster}: ${firstLine(message, 400)}`,
    );
  }
  if (/static credential/i.test(message)) return localAccountsDisabled(cluster, request.admin);
  if (status === 403) {
    const role = `Azure Kubernetes Service Cluster ${admin ? 'Admin' : 'User'} Role`;
    return new TaskError(
      `The service connection's identity${objectIdIn(message)} may not fetch the credential of cluster ${cluster}: ` +
        `give it the role '${role}' on the cluster; a new role assignment takes a few minutes (${code}).`,
    );
  }
  if (status === 404) {
    return new TaskError(
      `There is no cluster '${cluster}' in resource group '${resourceGroup}' of subscription ${subscriptionId} ` +
        `(${code}): check inputs ${request.cluster.input} and ${request.resourceGroup.input}, and ` +
        `${request.subscriptionId.input} if the cluster lies in another subscription than the service connection's.`,
    );
  }
  if (status === 401) {
    return new TaskError(
      `${host} does not accept the service connection's token (${code}): check that the connection's tenant is the ` +
        `one of subscription ${subscriptionId}.`,
    );
  }
  return new TaskError(
    `${host} gave no credential for cluster ${cluster} (HTTP ${status}, ${code}): ${firstLine(message, 400)}`,
  );
}

function localAccountsDisabled(cluster: string, admin: Given<boolean>): TaskError {
  const advice = admin.value
    ? `set ${admin.input} to false, and give the identity a role such as ` +
      "'Azure Kubernetes Service RBAC Cluster Admin' on the cluster"
    : 'switch Entra ID integration on for the cluster, since without it nobody but local accounts can sign in';
  return new TaskError(
    `Local accounts are disabled on cluster ${cluster}, so Azure gives no such credential: ${advice}.`,
  );
}

interface Answer {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
}

/** The error of an Azure SDK client carries the status, and the code and the text of the body. */
function answerIn(error: unknown): Answer {
  const field = (name: string): unknown =>
    typeof error === 'object' && error !== null && name in error ? Reflect.get(error, name) : undefined;
  const [status, code] = [field('statusCode'), field('code')];
  return {
    status: typeof status === 'number' ? status : undefined,
    code: typeof code === 'string' ? code : 'no code',
    message: messageOf(error),
  };
}

function objectIdIn(message: string): string {
  const id = /object id '([\da-f-]{36})'/i.exec(message)?.[1];
  return id === undefined ? '' : ` (object id ${id})`;
}
