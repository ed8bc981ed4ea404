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

/** The ReplicaSet of the newest template of a Deployment, or of an Argo Rollout; undefined until its controller has seen that template. */
export function newReplicaSetOf(workload: SeenObject, view: ReleaseView): SeenObject | undefined {
  const sets = view.childrenOf(workload).filter(({ kind }) => kind === 'ReplicaSet');
  if (workload.kind === 'Rollout') {
    // argoproj/argo-rollouts, pkg/apis/rollouts/v1alpha1/types.go
    const hash = text(field(workload['status'], 'currentPodHash'));
    return sets.find(({ metadata }) => metadata.labels?.['rollouts-pod-template-hash'] === hash);
  }
  if (number(field(workload['status'], 'observedGeneration')) !== workload.metadata['generation']) return undefined;
  const current = workload.metadata.annotations?.[revision];
  return sets.find(({ metadata }) => metadata.annotations?.[revision] === current);
}
