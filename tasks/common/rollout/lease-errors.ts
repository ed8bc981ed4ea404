import type { ApiRefusal } from '../cluster/client.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { shortened, visible } from '../text/shown.ts';
import { shownHolder } from './holder.ts';
import { leaseName } from './lease-object.ts';

/** Which Lease it is. */
export interface LeaseOf {
  readonly release: string;
  readonly namespace: string;
  /** What else can be done by who may not keep Leases, such as `switch input x off`: the task's own words. */
  readonly advice: string;
}

const named = ({ release, namespace }: LeaseOf): string =>
  `the Lease '${leaseName(release)}' in namespace '${namespace}'`;

/** Another run works on the release, and is alive. */
export function explainHeld({ release, namespace }: LeaseOf, holder: string, waitedMs: number): TaskError {
  const waited = waitedMs < 60_000 ? '' : ` still, after ${Math.floor(waitedMs / 60_000)} min`;
  return new TaskError(
    `Release '${release}' in namespace '${namespace}' is being worked on by another run${waited}: ${shownHolder(holder)}. ` +
      'Run this step again when that one is done.',
  );
}

/** The identity may not read or write Leases. */
export class LeaseForbidden extends TaskError {}

export function explainForbidden(lease: LeaseOf, { said }: ApiRefusal): LeaseForbidden {
  const { namespace, advice } = lease;
  return new LeaseForbidden(
    `The identity may not keep ${named(lease)}, by which two runs never write at once (HTTP 403: ${shortened(said, 300)}). ` +
      "With Azure RBAC give it 'Azure Kubernetes Service RBAC Writer' on the cluster or on its namespace " +
      `(…/managedClusters/…/namespaces/${visible(namespace)}); with Kubernetes RBAC a Role there that allows get, create and ` +
      `update on leases of group coordination.k8s.io; or ${advice}.`,
  );
}

/** Every write meets a conflict, though nobody holds it. */
export function explainConflicts(lease: LeaseOf): TaskError {
  return new TaskError(
    `${named(lease).replace('the', 'The')} cannot be taken: nobody holds it, but the API server answers each write with a ` +
      'conflict (HTTP 409). Look for what changes it all the time, or refuses it in these words (kubectl get lease ' +
      `${leaseName(lease.release)} -n ${lease.namespace} -o yaml --show-managed-fields; admission webhooks; quotas).`,
  );
}

/** The namespace is not there, and a Lease is the first thing that is written in it. */
export function explainNoNamespace({ release, namespace }: LeaseOf): TaskError {
  return new TaskError(
    `Namespace '${namespace}' does not exist in this cluster, so release '${release}' cannot be in it: check the namespace, ` +
      'and that it is the right cluster.',
  );
}

/** Somebody else holds what was ours. @param holder empty when it was given back in our name */
export function explainTaken(lease: LeaseOf, holder: string): TaskError {
  const who = holder === '' ? 'somebody, who emptied it' : shownHolder(holder);
  return new TaskError(
    `This run lost ${named(lease)} to ${who}: it was out of reach of the API server for too long. It has stopped writing; ` +
      `look at that run, or run this step again to see what release '${lease.release}' is now.`,
  );
}

export function explainDeleted(lease: LeaseOf): TaskError {
  return new TaskError(
    `Somebody deleted ${named(lease)} while this run worked on release '${lease.release}'. It has stopped writing; find out ` +
      'who did it, and run this step again.',
  );
}

/** It could not be renewed in time. @param failure of the last try, if there was one */
export function explainExpired(lease: LeaseOf, seconds: number, failure: unknown): TaskError {
  const cause =
    failure === undefined
      ? 'this machine stood still, or its clock was set, for longer than that'
      : `the last try failed: ${shortened(messageOf(failure), 400).replace(/\.$/, '')}`;
  return new TaskError(
    `This run could not renew ${named(lease)}, which is valid for ${seconds} s: ${cause}. It has stopped writing, since ` +
      `another run may take over; run this step again, which mends release '${lease.release}'.`,
  );
}
