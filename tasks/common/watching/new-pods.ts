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
    case 'Deployment': {
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

/** The ReplicaSet of a Deployment's newest template; undefined until the controller has seen that template. */
export function newReplicaSetOf(deployment: SeenObject, view: ReleaseView): SeenObject | undefined {
  if (number(field(deployment['status'], 'observedGeneration')) !== deployment.metadata['generation']) return undefined;
  const current = deployment.metadata.annotations?.[revision];
  return view
    .childrenOf(deployment)
    .find(({ kind, metadata }) => kind === 'ReplicaSet' && metadata.annotations?.[revision] === current);
}
