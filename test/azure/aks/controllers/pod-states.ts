import type { Fields } from '../objects.ts';
import { now, type Condition, type Container, type Pod } from './shapes.ts';

/** How a container stands, as its pod's status shows it. */
export interface ContainerState {
  readonly state: Fields;
  readonly lastState?: Fields;
  readonly ready?: boolean;
  readonly restartCount?: number;
}

/** The status of a pod on its node whose containers all stand so. */
export function podStatus(pod: Pod, phase: string, containers: (container: Container) => ContainerState): Fields {
  const statuses = containersOf(pod).map((container) => containerStatus(pod, container, containers(container)));
  const isUp = statuses.every(({ ready }) => ready);
  const names = containersOf(pod).map(({ name }) => name);
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
  return {
    phase,
    startTime: pod.status?.['startTime'] ?? now(),
    hostIP: '10.224.0.4',
    podIP: addressOf(pod),
    conditions: podConditions(isUp, isUp ? {} : unready),
    containerStatuses: statuses,
  };
}

/** The status of a pod whose containers have ended for good. */
export function endedStatus(pod: Pod, isGood: boolean, how: Fields): Fields {
  const said = { reason: isGood ? 'PodCompleted' : 'PodFailed' };
  const status = podStatus(pod, isGood ? 'Succeeded' : 'Failed', () => ({ state: { terminated: how } }));
  return { ...status, conditions: podConditions(false, said) };
}

/** The status of a pod that no node takes. */
export function unschedulableStatus(message: string): Fields {
  const said = { reason: 'Unschedulable', message, lastTransitionTime: now() };
  return { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', ...said }] };
}

export const scheduledStatus = (): Fields => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: now() }],
});

/** How a container has ended; its id is what a log is found by. */
export function terminated(exitCode: number, reason: string, more: Fields = {}): Fields {
  const containerID = `containerd://${'0123456789abcdef'.repeat(4)}`;
  return { exitCode, reason, startedAt: now(), finishedAt: now(), containerID, ...more };
}

export const containersOf = ({ spec }: Pod): readonly Container[] => spec.containers ?? [];

function containerStatus(pod: Pod, { name, image }: Container, { state, lastState, ...how }: ContainerState) {
  const { ready = false, restartCount = 0 } = how;
  return {
    name,
    image,
    imageID: '',
    ready,
    started: 'running' in state,
    restartCount,
    state,
    ...(lastState !== undefined && { lastState }),
    ...('running' in state && {
      containerID: `containerd://${(pod.metadata.uid ?? '').replaceAll('-', '').repeat(2)}`,
    }),
  };
}

function podConditions(isUp: boolean, said: Fields): Condition[] {
  const lastTransitionTime = now();
  const ready = { status: isUp ? 'True' : 'False', ...said, lastTransitionTime } as const;
  return [
    { type: 'PodScheduled', status: 'True', lastTransitionTime },
    { type: 'Initialized', status: 'True', lastTransitionTime },
    { type: 'ContainersReady', ...ready },
    { type: 'Ready', ...ready },
  ];
}

/** Of the nodes' range, by name. */
function addressOf({ metadata: { name } }: Pod): string {
  const sum = Buffer.from(name).reduce((total, byte) => (total * 31 + byte) % 64_000, 7);
  return `10.244.${sum >> 8}.${sum & 0xff}`;
}
