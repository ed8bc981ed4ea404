import { conditions, isOver, isReady, type Condition, type Pod, type Workload } from './shapes.ts';
import { randomSuffix, type Workshop } from './workshop.ts';

/** Keeps as many pods of every ReplicaSet as it wants. */
export function runReplicaSets(workshop: Workshop): void {
  for (const set of workshop.list<Workload>('ReplicaSet')) {
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const pods = workshop.podsOf(set).filter((pod) => !isOver(pod));
    const wanted = set.spec.replicas ?? 1;
    for (let missing = wanted - pods.length; missing > 0; missing -= 1) {
      workshop.createPod(set, `${set.metadata.name}-${randomSuffix()}`, set.spec.template);
    }
    for (const pod of [...pods].sort(unreadyFirst).slice(0, Math.max(0, pods.length - wanted))) {
      workshop.stop(pod, set);
    }
    const ready = pods.filter(isReady).length;
    const numbers = { readyReplicas: ready, availableReplicas: ready };
    const replicas = { replicas: pods.length, fullyLabeledReplicas: pods.length };
    const failures = conditions(set.status?.conditions, failuresOf(set, workshop));
    const failed = failures.length > 0 && wanted > 0 ? { conditions: failures } : {};
    workshop.setStatus(set, { ...replicas, ...numbers, observedGeneration: set.metadata.generation ?? 1, ...failed });
  }
}

function failuresOf(set: Workload, workshop: Workshop): Condition[] {
  const message = workshop.refusalOf(set);
  if (message === undefined) return [];
  return [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
}

function unreadyFirst(a: Pod, b: Pod): number {
  return Number(isReady(a)) - Number(isReady(b));
}
