import { field, number, text } from './fields.ts';
import type { ReleaseView, SeenObject } from './view.ts';

/** Where the deployment controller counts its ReplicaSets, on itself and on each of them (kubernetes, pkg/controller/deployment/util). */
const revision = 'deployment.kubernetes.io/revision';

/**
 * The pods that a workload made from its newest template: those of older ones only go away. Of a Job all pods count, and a
 * bare pod is its own.
 */
export function newPodsOf(workload: SeenObject, view: ReleaseView): readonly SeenObject[] {
  const children = view.childrenOf(workload);
  const pods = children.filter(({ kind }) => kind === 'Pod');
  switch (workload.kind) {
    case 'Pod':
      return [workload];
    case 'Deployment':
    case 'Rollout': {
      const newest = newReplicaSetOf(workload, view);
      return newest === undefined ? [] : view.childrenOf(newest).filter(({ kind }) => kind === 'Pod');
    }
    case 'StatefulSet': {
      // Until then the hash is that of the template before, which may be the one that is being mended.
      if (!isObserved(workload)) return [];
      const hash = text(field(workload['status'], 'updateRevision'));
      return pods.filter(({ metadata }) => metadata.labels?.['controller-revision-hash'] === hash);
    }
    case 'DaemonSet': {
      const generation = workload.metadata.annotations?.['deprecated.daemonset.template.generation'];
      return pods.filter(({ metadata }) => metadata.labels?.['pod-template-generation'] === generation);
    }
    default:
      return pods;
  }
}

/**
 * Whether the controller of an object has looked at it as it is now: before, its status is about what was. Argo writes the
 * number as a text, and in older versions a hash, which says nothing.
 */
export function isObserved({ status, metadata }: SeenObject): boolean {
  const observed = field(status, 'observedGeneration');
  if (typeof observed === 'string' && !/^\d+$/.test(observed)) return true;
  return Number(observed ?? 0) >= number(metadata['generation']);
}

/** The ReplicaSet of the newest template of a Deployment, or of an Argo Rollout; undefined until its controller has seen that template. */
export function newReplicaSetOf(workload: SeenObject, view: ReleaseView): SeenObject | undefined {
  if (!isObserved(workload)) return undefined;
  const sets = view.childrenOf(workload).filter(({ kind }) => kind === 'ReplicaSet');
  if (workload.kind === 'Rollout') {
    // argoproj/argo-rollouts, pkg/apis/rollouts/v1alpha1/types.go
    const hash = text(field(workload['status'], 'currentPodHash'));
    return sets.find(({ metadata }) => metadata.labels?.['rollouts-pod-template-hash'] === hash);
  }
  const current = workload.metadata.annotations?.[revision];
  return sets.find(({ metadata }) => metadata.annotations?.[revision] === current);
}
