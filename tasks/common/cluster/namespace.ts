import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { shortened } from '../text/shown.ts';
import { ApiRefusal, type KubernetesClient } from './client.ts';

/**
 * Creates a namespace where it is missing. It is looked for first: helm's own flag creates blindly, and needs the right to
 * do so also where the namespace is there. Who may not even look goes on, since most that may work in a namespace find it there.
 * @param create whether a missing one is created
 * @throws TaskError when it is missing and is not, or may not be, created; or is about to go
 */
export async function ensureNamespace(
  name: string,
  create: Given<boolean>,
  client: Pick<KubernetesClient, 'get' | 'create'>,
  { log }: Pick<TaskContext, 'log'>,
): Promise<void> {
  const path = '/api/v1/namespaces';
  let there;
  try {
    there = await client.get(`${path}/${name}`);
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.status !== 403) throw error;
    log.debug(`Whether namespace ${name} is there is not known: ${error.message}`);
    return;
  }
  if (there !== undefined) return refuseGoing(name, there);
  if (!create.value) {
    throw new TaskError(
      `Namespace '${name}' does not exist, and input ${create.input} is false: create it (kubectl create namespace ${name}), ` +
        `correct its name, or set ${create.input} to true.`,
    );
  }
  try {
    await client.create(path, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    log.info(`Created namespace ${name}.`);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    // Another run of the same moment.
    if (error.status === 409) return;
    throw error.status === 403 ? explainMissing(name, create, error) : error;
  }
}

function refuseGoing(name: string, namespace: { readonly metadata: { readonly deletionTimestamp?: string } }): void {
  if (namespace.metadata.deletionTimestamp === undefined) return;
  throw new TaskError(
    `Namespace '${name}' is being deleted, and takes nothing new until it is gone: wait for that, and look for what holds it ` +
      `(kubectl get namespace ${name} -o yaml, status.conditions and finalizers) if it takes long.`,
  );
}

function explainMissing(name: string, create: Given<boolean>, { said }: ApiRefusal): TaskError {
  return new TaskError(
    `Namespace '${name}' does not exist, and the identity may not create it (HTTP 403: ${shortened(said, 300)}). Create it ` +
      `once (kubectl create namespace ${name}), or give the identity 'Azure Kubernetes Service RBAC Cluster Admin' on the ` +
      `cluster (with Kubernetes RBAC a ClusterRole that creates namespaces). If it is another namespace that you mean, correct ` +
      `the input; ${create.input}: false never creates one.`,
  );
}
