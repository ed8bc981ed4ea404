import type { User } from './authentication.ts';
import { isAllowed, refusalReason } from './authorization.ts';
import type { Cluster } from './cluster.ts';
import type { Fields } from './objects.ts';

/** The answer to a SelfSubjectReview (`kubectl auth whoami`). */
export function selfReview({ name, groups }: User): Fields {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: new Date().toISOString() },
    status: { userInfo: { username: name, groups } },
  };
}

/** The answer to a SelfSubjectAccessReview, which asks whether the caller may do something. */
export function accessReview(review: Fields, user: User, cluster: Cluster): Fields {
  const { spec = {} } = review as { spec?: { resourceAttributes?: Record<string, string> } };
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
