import { canonical } from './canonical.ts';
import type { Fields, KubernetesObject } from './objects.ts';
import { invalid, Refusal } from './refusal.ts';
import type { Resource } from './resources.ts';

/** Fields that stay as they were made. */
const immutable: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['selector'],
  ReplicaSet: ['selector'],
  StatefulSet: ['selector', 'serviceName', 'volumeClaimTemplates', 'podManagementPolicy'],
  DaemonSet: ['selector'],
  Job: ['selector', 'template', 'completions'],
};

/** Refuses an object that the API server would not make. Throws a Refusal (422, or 400 for a wrong type). */
export function checkNew({ kind, metadata: { name, labels = {} }, spec }: KubernetesObject, resource: Resource): void {
  if (!/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(name) || name.length > 253) {
    throw invalid(
      resource,
      name,
      'metadata.name',
      `Invalid value: "${name}": a lowercase RFC 1123 subdomain is wanted`,
    );
  }
  for (const value of Object.values(labels)) {
    if (/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value)) continue;
    throw invalid(
      resource,
      name,
      'metadata.labels',
      `Invalid value: "${value}": a valid label must be 63 characters or less`,
    );
  }
  const { replicas = 0 } = (spec ?? {}) as Fields;
  if (!Number.isInteger(replicas)) {
    const type = `Go struct field ${kind}Spec.spec.replicas of type int32`;
    const text = `${kind} in version "v1" cannot be handled as a ${kind}: json: cannot unmarshal ${typeof replicas} into ${type}`;
    throw new Refusal(400, 'BadRequest', text);
  }
  if (kind === 'Deployment' && !selects(spec as Fields)) {
    const text = 'Invalid value: `selector` does not match template `labels`';
    throw invalid(resource, name, 'spec.template.metadata.labels', text);
  }
}

/** Refuses a change that the API server would not make. Throws a Refusal (422). */
export function checkChange(before: KubernetesObject, after: KubernetesObject, resource: Resource): void {
  const [old, now] = [before['spec'] as Fields | undefined, after['spec'] as Fields | undefined];
  const { name, labels = {} } = after.metadata;
  checkNew({ ...after, metadata: { name, labels } }, resource);
  for (const field of immutable[after.kind] ?? []) {
    if (canonical(old?.[field]) === canonical(now?.[field])) continue;
    const shown = canonical(now?.[field]);
    throw invalid(resource, name, `spec.${field}`, `Invalid value: ${shown}: field is immutable`);
  }
}

function selects({ selector, template }: Fields): boolean {
  const wanted = Object.entries((selector as { matchLabels?: Fields } | undefined)?.matchLabels ?? {});
  const labels = (template as { metadata?: { labels?: Fields } } | undefined)?.metadata?.labels ?? {};
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}
