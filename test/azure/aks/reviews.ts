import type { User } from './authentication.ts';
import { isAllowed, refusalReason } from './authorization.ts';
import type { Cluster } from './cluster.ts';

/** The answer to a SelfSubjectReview (`kubectl auth whoami`). */
export function selfReview({ name, groups }: User): Record<string, unknown> {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: new Date().toISOString() },
    status: { userInfo: { username: name, groups } },
  };
}

/** The answer to a SelfSubjectAccessReview, which asks whether the caller may do something. */
export function accessReview(body: Buffer, user: User, cluster: Cluster): Record<string, unknown> {
  const { spec = {} } = JSON.parse(body.toString()) as { spec?: { resourceAttributes?: Record<string, string> } };
  const { verb = '', group = '', resource = '', namespace } = spec.resourceAttributes ?? {};
  const allowed = isAllowed(user, { verb, group, resource, namespace: namespace || undefined }, cluster);
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: allowed ? { allowed } : { allowed, reason: refusalReason },
  };
}
