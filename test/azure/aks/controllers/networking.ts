import type { Fields, KubernetesObject } from '../objects.ts';
import { isReady, now, type Pod } from './shapes.ts';
import { hashOf, referenceTo, type Workshop } from './workshop.ts';

/** Gives load balancers and ingresses their address, and volume claims their volume, at once. */
export function runProviders(workshop: Workshop): void {
  const address = { loadBalancer: { ingress: [{ ip: '20.53.10.20' }] } };
  for (const service of workshop.list('Service')) {
    if (specOf(service)['type'] === 'LoadBalancer') workshop.setStatus(service, address);
  }
  for (const ingress of workshop.list('Ingress')) workshop.setStatus(ingress, address);
  for (const claim of workshop.list('PersistentVolumeClaim')) {
    const { accessModes, resources } = specOf(claim) as { accessModes?: unknown; resources?: { requests?: unknown } };
    workshop.setStatus(claim, { phase: 'Bound', accessModes, capacity: resources?.requests });
  }
  for (const definition of workshop.list('CustomResourceDefinition')) establish(workshop, definition);
}

/** Keeps one EndpointSlice for every Service with a selector, of the pods that it selects. */
export function runEndpoints(workshop: Workshop): void {
  for (const service of workshop.list('Service')) {
    const { selector, ports = [] } = specOf(service) as { selector?: Record<string, string>; ports?: Fields[] };
    if (selector === undefined || service.metadata.deletionTimestamp !== undefined) continue;
    const wanted = Object.entries(selector);
    const pods = workshop.objects
      .list({ kind: 'Pod', namespace: service.metadata.namespace })
      .filter(({ metadata: { labels = {} } }) => wanted.every(([name, value]) => labels[name] === value));
    const endpoints = (pods as unknown as Pod[]).flatMap(endpointOf);
    // Without any the lists are not empty but null, as the real ones.
    const found = endpoints.length > 0;
    const named = ports.map(({ name = '', port, protocol }) => ({ name, port, protocol }));
    keepSlice(workshop, service, { endpoints: found ? endpoints : null, ports: found ? named : null });
  }
}

function keepSlice(workshop: Workshop, service: KubernetesObject, content: Fields): void {
  const { name: ofService, namespace = 'default' } = service.metadata;
  const name = `${ofService}-${hashOf({ spec: { ofService } }).slice(0, 5)}`;
  const live = workshop.objects.find({ kind: 'EndpointSlice', namespace }, name);
  if (live !== undefined) return workshop.setFields(live, content);
  const by = 'endpointslice-controller.k8s.io';
  const labels = { 'kubernetes.io/service-name': ofService, 'endpointslice.kubernetes.io/managed-by': by };
  const ownerReferences = [referenceTo({ ...service, apiVersion: 'v1' })];
  const kind = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };
  workshop.create({ ...kind, metadata: { name, namespace, labels, ownerReferences }, addressType: 'IPv4', ...content });
}

function endpointOf(pod: Pod): Fields[] {
  const { name, namespace, uid } = pod.metadata;
  const address = pod.status?.['podIP'];
  if (address === undefined) return [];
  const ready = isReady(pod);
  const conditions = { ready, serving: ready, terminating: pod.metadata.deletionTimestamp !== undefined };
  const targetRef = { kind: 'Pod', namespace, name, uid };
  return [{ addresses: [address], conditions, nodeName: pod.spec.nodeName, targetRef }];
}

function establish(workshop: Workshop, definition: KubernetesObject): void {
  if (definition['status'] !== undefined) return;
  const lastTransitionTime = now();
  const conditions = ['NamesAccepted', 'Established'].map((type) => ({ type, status: 'True', lastTransitionTime }));
  workshop.setStatus(definition, { conditions, acceptedNames: specOf(definition)['names'], storedVersions: [] });
}

function specOf(object: KubernetesObject): Fields {
  return (object['spec'] ?? {}) as Fields;
}
