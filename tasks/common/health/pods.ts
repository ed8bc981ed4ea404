import { field, list, number, text } from '../watching/fields.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { isSo } from './conditions.ts';
import { failed, type Health, progressing, ready } from './health.ts';
import { hookOf } from './hooks.ts';
import { type PodState, stateOf } from './pod-state.ts';

/** More than two clauses are no line for people any more. */
const mostClauses = 2;

/** Pods that serve now; those that go away still do, but not for long. */
export const readyOf = (pods: readonly SeenObject[]): readonly SeenObject[] =>
  pods.filter((pod) => isSo(pod, 'Ready') === true && pod.metadata.deletionTimestamp === undefined);

/**
 * What the pods are at that are not ready, but for those that have ended: they stay as they were, and their controller has
 * made others in their place.
 */
export function statesOf(pods: readonly SeenObject[], view: ReleaseView, now: Date): PodState[] {
  const live = pods.filter((pod) => !['Failed', 'Succeeded'].includes(text(field(pod, 'status', 'phase'))));
  return live.flatMap((pod) => stateOf(pod, view, now) ?? []);
}

/** Such as `1 pod waits for a node, 2 pods start`: what the pods that are not ready are at, trouble first. */
export function clausesOf(pods: readonly SeenObject[], view: ReleaseView, now: Date): string {
  const counts = new Map<string, { readonly state: PodState; count: number }>();
  for (const pod of pods) {
    const state = stateOf(pod, view, now);
    if (state === undefined) continue;
    const known = counts.get(state.one) ?? { state, count: 0 };
    counts.set(state.one, { ...known, count: known.count + 1 });
  }
  return [...counts.values()]
    .sort((one, other) => one.state.weight - other.state.weight)
    .slice(0, mostClauses)
    .map(({ state, count }) => (count === 1 ? `1 pod ${state.one}` : `${count} pods ${state.many}`))
    .join(', ');
}

/** A pod that is an object of the release itself: no controller makes another one when it ends. */
export function podHealth(pod: SeenObject, view: ReleaseView, now: Date): Health {
  const phase = text(field(pod, 'status', 'phase'));
  if (phase === 'Succeeded') return ready;
  const state = stateOf(pod, view, now);
  if (phase === 'Failed') return failed(`${state?.one ?? 'failed'}${exitOf(pod)}`);
  if (state !== undefined) return progressing(`it ${state.one}`);
  // A hook is done when it has ended, whatever its pod says of itself until then.
  return hookOf(pod) === undefined ? ready : progressing('it runs');
}

function exitOf(pod: SeenObject): string {
  const codes = list(field(pod, 'status', 'containerStatuses'))
    .map((status) => number(field(status, 'state', 'terminated', 'exitCode')))
    .filter((code) => code !== 0);
  return codes[0] === undefined ? '' : ` with exit code ${codes[0]}`;
}
