import { isMapping } from '../go/mapping.ts';
import { field, list, text } from '../watching/fields.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { eventSignals, type Signal, signalOf } from './signals.ts';

/** What is said of a Service: that its load balancer cannot be made, and that it leads to no pods. */
export function serviceSignals(service: SeenObject, view: ReleaseView): Signal[] {
  const isOut = field(service['spec'], 'type') === 'LoadBalancer';
  const lacksAddress = isOut && list(field(service['status'], 'loadBalancer', 'ingress')).length === 0;
  const events = eventSignals(service, view, ({ type }) => type === 'Warning' && lacksAddress);
  const of = (reason: string, where: string, isUsual = false): Signal =>
    signalOf(service, 'status', { reason, where, isUsual });
  return [
    ...events,
    ...(lacksAddress ? [of('NoAddress', 'status.loadBalancer.ingress', true)] : []),
    ...(leadsNowhere(service, view) ? [of('NoEndpoints', 'EndpointSlices')] : []),
  ];
}

/**
 * Whether no workload of the release makes pods for a Service that wants some; else that workload has the cause, if there is
 * one. A headless Service may be empty, one of type ExternalName is an alias, and one without a selector is filled by
 * somebody else.
 */
export function fitsNoWorkload({ kind, spec }: SeenObject, view: ReleaseView): boolean {
  const selector = field(spec, 'selector');
  if (kind !== 'Service' || !isMapping(selector) || Object.keys(selector).length === 0) return false;
  if (field(spec, 'type') === 'ExternalName' || field(spec, 'clusterIP') === 'None') return false;
  return !view.objects.some((object) => fits(selector, labelsOfPods(object)));
}

/** Whether nobody else makes them, either. EndpointSlices hold pods that are not ready, too. */
function leadsNowhere(service: SeenObject, view: ReleaseView): boolean {
  const slices = view.childrenOf(service).filter(({ kind }) => kind === 'EndpointSlice');
  if (slices.length === 0 || slices.some((slice) => list(slice['endpoints']).length > 0)) return false;
  return fitsNoWorkload(service, view);
}

/** The labels of the pods that an object makes, or is. */
function labelsOfPods(object: SeenObject): unknown {
  if (object.kind === 'Pod') return object.metadata.labels;
  return field(object['spec'], 'template', 'metadata', 'labels');
}

function fits(selector: Readonly<Record<string, unknown>>, labels: unknown): boolean {
  return isMapping(labels) && Object.entries(selector).every(([name, value]) => text(labels[name]) === value);
}
