import { visible } from '../text/shown.ts';
import { field, list, number, text, time } from '../watching/fields.ts';
import { isObserved, newReplicaSetOf } from '../watching/new-pods.ts';
import type { ReleaseView, SeenObject } from '../watching/view.ts';
import { failed, type Health, ready, underWay } from './health.ts';

const longestMessage = 160;

/** Argo's Rollout, by its own word (argoproj/argo-rollouts, utils/rollout/rolloututil.go). */
export function rolloutHealth(rollout: SeenObject): Health {
  const wanted = number(field(rollout, 'spec', 'replicas') ?? 1);
  const [updated, available] = ['updatedReplicas', 'availableReplicas'].map((name) =>
    number(field(rollout, 'status', name)),
  );
  const counts = { ready: Math.min(wanted, updated ?? 0, available ?? 0), wanted };
  if (!isObserved(rollout)) return { ...underWay('its controller has not seen it yet'), ...counts };
  const phase = text(field(rollout, 'status', 'phase'));
  const message = visible(text(field(rollout, 'status', 'message')), longestMessage);
  const why = message === '' ? '' : `: ${message}`;
  if (phase === 'Healthy') return { ...ready, ...counts };
  if (phase === 'Degraded') return { ...failed(`it is degraded${why}`), ...counts };
  if (phase !== 'Paused') return { ...underWay(`it is on its way${why}`), ...counts };
  // A pause without an end is the author's wish: somebody looks, and goes on when it suits them.
  return waitsForSomebody(rollout)
    ? { ...underWay(`it is paused until somebody promotes it${why}`), ...counts, optional: true }
    : { ...underWay(`it is paused${why}`), ...counts };
}

function waitsForSomebody(rollout: SeenObject): boolean {
  if (field(rollout, 'spec', 'paused') === true) return true;
  const reasons = list(field(rollout, 'status', 'pauseConditions')).map((pause) => field(pause, 'reason'));
  if (reasons.includes('BlueGreenPause')) {
    return field(rollout, 'spec', 'strategy', 'blueGreen', 'autoPromotionSeconds') === undefined;
  }
  const steps = list(field(rollout, 'spec', 'strategy', 'canary', 'steps'));
  const step = steps[number(field(rollout, 'status', 'currentStepIndex'))];
  return reasons.includes('CanaryPauseStep') && field(step, 'pause', 'duration') === undefined;
}

/** Phases of Flagger's Canary (fluxcd/flagger, pkg/apis/flagger/v1beta1/status.go). */
const done = ['Initialized', 'Succeeded'];
const waitsForGate = ['Waiting', 'WaitingPromotion'];

/**
 * Flagger looks at its target once in an interval: until then its word is about the roll-out before. Whether there is
 * something new to look at shows in the target, which has made a ReplicaSet since.
 */
export function canaryHealth(canary: SeenObject, view: ReleaseView): Health {
  const phase = text(field(canary, 'status', 'phase'));
  if (phase === '' || isOld(canary, view)) return underWay('flagger has not begun with it yet');
  if (done.includes(phase)) return ready;
  if (phase === 'Failed') return failed('flagger calls it failed, and took the traffic back');
  const weight = number(field(canary, 'status', 'canaryWeight'));
  const why = `it is ${visible(phase)}${weight > 0 ? ` with ${weight} % of the traffic` : ''}`;
  return { ...underWay(why), ...(waitsForGate.includes(phase) ? { optional: true } : {}) };
}

function isOld(canary: SeenObject, view: ReleaseView): boolean {
  const [kind, name] = ['kind', 'name'].map((part) => text(field(canary, 'spec', 'targetRef', part)));
  const target = view.objects.find((object) => object.kind === kind && object.metadata.name === name);
  const newest = target === undefined ? undefined : newReplicaSetOf(target, view);
  const changedAt = time(newest?.metadata.creationTimestamp);
  if (changedAt === undefined || changedAt < view.since) return false;
  const since = time(field(canary, 'status', 'lastTransitionTime'));
  return since === undefined || since < changedAt;
}
