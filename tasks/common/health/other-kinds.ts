import { visible } from '../text/shown.ts';
import { field, list, number, text } from '../watching/fields.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { conditionOf, isSo } from './conditions.ts';
import { failed, type Health, progressing, ready, underWay } from './health.ts';
import { clausesOf } from './pods.ts';

/** Helm waits for Jobs only where it is told to, and for those that are hooks; nobody else does. */
export function jobHealth(job: SeenObject, view: ReleaseView, now: Date): Health {
  const wanted = number(field(job, 'spec', 'completions') ?? 1);
  const counts = wanted > 1 ? { wanted, ready: number(field(job, 'status', 'succeeded')) } : {};
  if (isSo(job, 'Complete') === true) return { ...ready, optional: true };
  if (isSo(job, 'Failed') === true) {
    const reason = visible(text(field(conditionOf(job, 'Failed'), 'reason')));
    return { ...failed(reason || 'it failed'), ...counts, optional: true };
  }
  if (field(job, 'spec', 'suspend') === true) return { ...progressing('it is suspended'), optional: true };
  const pods = view.childrenOf(job).filter((pod) => isSo(pod, 'Ready') !== true && !isOver(pod));
  return { ...progressing(clausesOf(pods, view, now) || 'it runs'), ...counts, optional: true };
}

const isOver = (pod: SeenObject): boolean => field(pod, 'status', 'phase') === 'Succeeded';

/** It makes Jobs when their time comes; there is nothing to wait for. */
export const cronJobHealth = (): Health => ({ ...ready, optional: true });

/** Others than load balancers are there as soon as they are made. */
export function serviceHealth(service: SeenObject, view: ReleaseView): Health | undefined {
  if (field(service, 'spec', 'type') !== 'LoadBalancer') return undefined;
  const given = [field(service, 'spec', 'externalIPs'), field(service, 'status', 'loadBalancer', 'ingress')];
  if (given.some((addresses) => list(addresses).length > 0)) return ready;
  // Azure takes a minute or three, and says by an event why it gives none.
  const isRefused = view.eventsOf(service).at(-1)?.type === 'Warning';
  return isRefused ? progressing('it has no address yet') : underWay('it has no address yet');
}

/** What a claim that waits for its first pod says by an event (kubernetes, pkg/controller/volume/persistentvolume/pv_controller.go). */
const waitsForPod = 'WaitForFirstConsumer';

export function claimHealth(claim: SeenObject, view: ReleaseView): Health {
  const phase = text(field(claim, 'status', 'phase'));
  if (phase === 'Bound') return ready;
  if (phase === 'Lost') return failed('its volume is lost');
  const reason = view.eventsOf(claim).at(-1)?.reason;
  return progressing(reason === waitsForPod ? 'it is bound when a pod uses it' : 'it has no volume yet');
}

/** Many never get an address in `status`, and serve all the same. */
export function ingressHealth(ingress: SeenObject): Health {
  const isUp = list(field(ingress, 'status', 'loadBalancer', 'ingress')).length > 0;
  return { ...(isUp ? ready : progressing('it has no address yet')), optional: true };
}

/** Without metrics it changes nothing, which keeps no pod from being ready. */
export function autoscalerHealth(autoscaler: SeenObject): Health {
  if (isSo(autoscaler, 'ScalingActive') !== false) return { ...ready, optional: true };
  const reason = visible(text(field(conditionOf(autoscaler, 'ScalingActive'), 'reason')));
  return { ...progressing(`it does not scale: ${reason}`), optional: true };
}

/** Who made the kind knows what Ready means; an optional one may stay False for ever. Undefined for one that has no such condition. */
export function customHealth(object: SeenObject): Health | undefined {
  const condition = conditionOf(object, 'Ready');
  if (condition === undefined) return undefined;
  if (isSo(object, 'Ready') === true) return { ...ready, optional: true };
  const reason = visible(text(field(condition, 'reason')));
  return { ...progressing(reason === '' ? 'it is not Ready' : `it is not Ready: ${reason}`), optional: true };
}
