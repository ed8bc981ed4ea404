import { type ReleaseView, type SeenObject } from '../watching/view.ts';
import { canaryHealth, rolloutHealth } from './delivery.ts';
import type { Health } from './health.ts';
import { hookOf } from './hooks.ts';
import {
  autoscalerHealth,
  claimHealth,
  cronJobHealth,
  customHealth,
  ingressHealth,
  jobHealth,
  serviceHealth,
} from './other-kinds.ts';
import { podHealth } from './pods.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.ts';

type Look = (object: SeenObject, view: ReleaseView, now: Date) => Health | undefined;

/** By API group and kind: others may have a kind of the same name, such as Knative's Service. */
const kinds: Readonly<Record<string, Look>> = {
  '/Pod': podHealth,
  '/Service': serviceHealth,
  '/PersistentVolumeClaim': claimHealth,
  '/ReplicationController': replicaSetHealth,
  'apps/Deployment': deploymentHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': cronJobHealth,
  'networking.k8s.io/Ingress': ingressHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'argoproj.io/Rollout': rolloutHealth,
  'flagger.app/Canary': canaryHealth,
};

/**
 * How far an object of a release is; undefined for one that is there as soon as it is made, such as a ConfigMap. It is
 * stricter than helm where helm looks away, and what is normal on the way is no failure.
 */
export function healthOf(object: SeenObject, view: ReleaseView, now: Date): Health | undefined {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/', 1)[0] : '';
  const health = (kinds[`${group}/${object.kind}`] ?? customHealth)(object, view, now);
  return health === undefined || hookOf(object) === undefined ? health : { ...health, optional: true };
}
