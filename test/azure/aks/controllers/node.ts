import type { Fields } from '../objects.ts';
import { behaviourOf, releaseAnnotation, type Behaviour } from './behaviour.ts';
import { isOver, now, type Condition, type Pod } from './shapes.ts';
import type { Workshop } from './workshop.ts';

const nodeName = 'aks-nodepool1-12345678-vmss000000';

/** Plays the only node: one step for every pod that has one to take. */
export function runPods(workshop: Workshop): void {
  for (const pod of workshop.list<Pod>('Pod')) {
    const { deletionTimestamp, finalizers = [] } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      if (finalizers.length === 0) workshop.objects.remove(pod);
    } else if (pod.spec.nodeName === undefined) {
      const status = {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: now() }],
      };
      workshop.objects.put({ ...pod, spec: { ...pod.spec, nodeName }, status });
    } else if (!isOver(pod)) {
      const status = nextStatus(pod);
      if (status !== undefined) workshop.objects.put({ ...pod, status: { ...pod.status, ...status } });
    }
  }
}

/** What becomes of a pod on its node; undefined if nothing does until something happens. */
function nextStatus(pod: Pod): Fields | undefined {
  const behaviour = behaviourOf(pod);
  const isStarted = pod.status?.['startTime'] !== undefined;
  const isToEnd = pod.spec.restartPolicy !== 'Always';
  if (isStarted) {
    if (behaviour === 'slow' && !isReleased(pod)) return undefined;
    if (behaviour === 'slow' && pod.status?.phase === 'Pending') return running(pod, 'ready');
    const isDone = isToEnd && pod.status?.phase === 'Running' && (behaviour === 'ready' || behaviour === 'slow');
    return isDone ? ended(pod, true) : undefined;
  }
  if (isToEnd && (behaviour === 'failing' || behaviour === 'crash-loop')) return ended(pod, false);
  return behaviour === 'slow' && isReleased(pod) ? running(pod, 'ready') : running(pod, behaviour);
}

function isReleased({ metadata: { annotations = {} } }: Pod): boolean {
  return annotations[releaseAnnotation] === 'true';
}

const waiting: Readonly<Partial<Record<Behaviour, { reason: string; message?: string }>>> = {
  slow: { reason: 'ContainerCreating' },
  'image-pull-error': { reason: 'ImagePullBackOff', message: 'Back-off pulling image' },
  'crash-loop': { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' },
  failing: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' },
};

function running(pod: Pod, behaviour: Behaviour): Fields {
  const isUp = behaviour === 'ready';
  const wait = waiting[behaviour];
  const hasCrashed = wait?.reason === 'CrashLoopBackOff';
  const containerStatuses = (pod.spec.containers ?? []).map(({ name, image }) => ({
    name,
    image,
    imageID: '',
    ready: isUp,
    started: wait === undefined,
    restartCount: hasCrashed ? 3 : 0,
    state: wait === undefined ? { running: { startedAt: now() } } : { waiting: wait },
    ...(hasCrashed && {
      lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt: now(), finishedAt: now() } },
    }),
  }));
  const isPending = behaviour === 'slow' || behaviour === 'image-pull-error';
  return {
    phase: isPending ? 'Pending' : 'Running',
    startTime: now(),
    hostIP: '10.224.0.4',
    conditions: podConditions(isUp, isUp ? undefined : 'ContainersNotReady'),
    containerStatuses,
  };
}

function ended(pod: Pod, isGood: boolean): Fields {
  const reason = isGood ? 'Completed' : 'Error';
  const terminated = { exitCode: isGood ? 0 : 1, reason, startedAt: now(), finishedAt: now() };
  const containerStatuses = (pod.spec.containers ?? []).map(({ name, image }) => {
    return { name, image, imageID: '', ready: false, started: false, restartCount: 0, state: { terminated } };
  });
  const phase = isGood ? 'Succeeded' : 'Failed';
  const conditions = podConditions(false, isGood ? 'PodCompleted' : 'PodFailed');
  return { phase, startTime: pod.status?.['startTime'] ?? now(), conditions, containerStatuses };
}

function podConditions(isUp: boolean, reason: string | undefined): Condition[] {
  const lastTransitionTime = now();
  const said = reason === undefined ? {} : { reason };
  const ready = { status: isUp ? 'True' : 'False', ...said, lastTransitionTime } as const;
  return [
    { type: 'PodScheduled', status: 'True', lastTransitionTime },
    { type: 'Initialized', status: 'True', lastTransitionTime },
    { type: 'ContainersReady', ...ready },
    { type: 'Ready', ...ready },
  ];
}
