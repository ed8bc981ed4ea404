import { TaskError } from '../task/outcome.ts';
import { shortened } from '../text/shown.ts';
import { hostOf } from './errors.ts';
import type { OpenCluster } from './open-cluster.ts';

/** Whose access is proven, where, and how long that may take. */
export interface AccessProof {
  readonly cluster: OpenCluster;
  readonly namespace: string;
  readonly seconds: number;
}

/** Why the user may do nothing in the namespace. @param reason what the cluster said. */
export function explainForbidden(proof: AccessProof, user: string | undefined, reason: string | undefined): TaskError {
  const { namespace } = proof;
  return new TaskError(
    `The API server ${hostOf(proof.cluster)} knows ${user ?? 'the identity'}, but it may do none of what was asked in ` +
      `namespace '${namespace}', which is ${firstSteps.map(shownStep).join(', ')} ` +
      `(HTTP 403${reason === undefined ? '' : `: ${shortened(reason, 300)}`}). With Azure RBAC give it ` +
      "'Azure Kubernetes Service RBAC Writer' or 'Azure Kubernetes Service RBAC Admin' on the cluster or on its " +
      `namespace (…/managedClusters/…/namespaces/${namespace}), 'Azure Kubernetes Service RBAC Reader' to read only, ` +
      "'Azure Kubernetes Service RBAC Cluster Admin' to create namespaces; with Kubernetes RBAC bind it to a role there. " +
      'If it has a role that allows what your steps do, but none of these, set input verifyAccess to false.',
  );
}

/** What a delivery does first; whoever may do none of it cannot work in the namespace. */
export const firstSteps = [
  { verb: 'get', group: 'apps', resource: 'deployments' },
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'list', group: '', resource: 'secrets' },
] as const;

const shownStep = ({ verb, resource }: (typeof firstSteps)[number]): string => `${verb} ${resource}`;
