import type { Fields } from '../objects.ts';
import { behaviourOf, releaseAnnotation, type Behaviour } from './behaviour.ts';
import { plays, pulled, started, type Scene, type Word } from './container-plays.ts';
import { noNode } from './node-texts.ts';
import {
  containersOf,
  endedStatus,
  podStatus,
  scheduledStatus,
  terminated,
  unschedulableStatus,
} from './pod-states.ts';
import { isOver, now, type Container, type Pod } from './shapes.ts';
import type { Workshop } from './workshop.ts';

const nodeName = 'aks-nodepool1-12345678-vmss000000';

/** The only node of a cluster. */
export const theNode = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: nodeName,
    uid: '0c1d7a52-9d8e-4c3f-8a5b-6e1f2d3c4b5a',
    labels: {
      'kubernetes.io/hostname': nodeName,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      agentpool: 'nodepool1',
    },
  },
  spec: {},
  status: {
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
    allocatable: { cpu: '1900m', memory: '4Gi', pods: '250' },
    nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', kubeletVersion: 'v1.35.0' },
  },
};

/** Plays the scheduler and the only node: one step for every pod that has one to take. */
export class Node {
  readonly #workshop: Workshop;
  /** How far the plays of pods have come, by their uid. */
  readonly #played = new Map<string, { readonly round: number; readonly left: readonly Scene[] }>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  step(): void {
    for (const pod of this.#workshop.list<Pod>('Pod')) {
      if (pod.metadata.deletionTimestamp !== undefined) this.#end(pod);
      else if (isOver(pod)) continue;
      else if (pod.spec.nodeName === undefined) this.#schedule(pod);
      else this.#run(pod);
    }
  }

  #end(pod: Pod): void {
    const { finalizers = [], uid = '' } = pod.metadata;
    if (finalizers.length > 0) return;
    if (pod.status?.phase === 'Running') {
      this.#tell(pod, ({ name }) => [{ type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` }]);
    }
    this.#workshop.objects.remove(pod);
    this.#workshop.backOffs.forget(uid);
    this.#played.delete(uid);
  }

  #schedule(pod: Pod): void {
    const { uid = '', namespace = '', name } = pod.metadata;
    const by = 'default-scheduler';
    if (behaviourOf(pod) !== 'unschedulable') {
      this.#workshop.objects.put({ ...pod, spec: { ...pod.spec, nodeName }, status: scheduledStatus() });
      const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
      this.#workshop.tell(pod, { type: 'Normal', reason: 'Scheduled', message, by });
    } else if (this.#workshop.mayTry(uid)) {
      this.#workshop.tryLater(uid);
      if (pod.status?.conditions === undefined) this.#workshop.setStatus(pod, unschedulableStatus(noNode));
      this.#workshop.tell(pod, { type: 'Warning', reason: 'FailedScheduling', message: noNode, by });
    }
  }

  #run(pod: Pod): void {
    const behaviour = behaviourOf(pod);
    const isToEnd = pod.spec.restartPolicy !== 'Always';
    if (behaviour === 'ready' || behaviour === 'slow') this.#goWell(pod, behaviour, isToEnd);
    else if (isToEnd && codes[behaviour] !== undefined) {
      this.#tell(pod, (container) => [...pulled(container), ...started]);
      this.#put(pod, endedStatus(pod, false, codes[behaviour]()));
    } else this.#play(pod, behaviour);
  }

  #goWell(pod: Pod, behaviour: Behaviour, isToEnd: boolean): void {
    const { annotations = {} } = pod.metadata;
    const isHeld = behaviour === 'slow' && annotations[releaseAnnotation] !== 'true';
    const isStarted = pod.status?.['startTime'] !== undefined;
    if (isHeld) {
      const state = { waiting: { reason: 'ContainerCreating' } };
      if (!isStarted)
        this.#put(
          pod,
          podStatus(pod, 'Pending', () => ({ state })),
        );
    } else if (pod.status?.phase !== 'Running') {
      this.#tell(pod, (container) => [...pulled(container), ...started]);
      const state = { running: { startedAt: now() } };
      this.#put(
        pod,
        podStatus(pod, 'Running', () => ({ state, ready: true })),
      );
    } else if (isToEnd) {
      this.#put(pod, endedStatus(pod, true, terminated(0, 'Completed')));
    }
  }

  /** The next scene of a pod that does not go well; after the last one it waits. */
  #play(pod: Pod, behaviour: Behaviour): void {
    const play = plays[behaviour];
    const { uid = '' } = pod.metadata;
    if (play === undefined || !this.#workshop.mayTry(uid)) return;
    const { round, left } = this.#played.get(uid) ?? { round: -1, left: [] };
    const current = left.length > 0 ? round : round + 1;
    const [scene, ...later] = left.length > 0 ? left : play.scenes(pod, current, this.#workshop.backOffs.next(uid));
    this.#played.set(uid, { round: current, left: later });
    if (scene?.state !== undefined) this.#put(pod, podStatus(pod, play.phase, scene.state));
    this.#tell(pod, scene?.told ?? (() => []));
    if (later.length === 0) this.#workshop.tryLater(uid);
  }

  #put(pod: Pod, status: Fields): void {
    this.#workshop.objects.put({ ...pod, status });
  }

  #tell(pod: Pod, words: (container: Container) => readonly Word[]): void {
    for (const container of containersOf(pod)) {
      for (const word of words(container)) {
        this.#workshop.tell(pod, { ...word, by: 'kubelet', container: container.name });
      }
    }
  }
}

/** How the containers of pods end that are not restarted. */
const codes: Readonly<Partial<Record<Behaviour, () => Fields>>> = {
  failing: () => terminated(1, 'Error'),
  'crash-loop': () => terminated(1, 'Error'),
  'oom-killed': () => terminated(137, 'OOMKilled'),
};
