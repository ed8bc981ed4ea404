import type { Fields } from '../objects.ts';
import type { Behaviour } from './behaviour.ts';
import * as texts from './node-texts.ts';
import { terminated, type ContainerState } from './pod-states.ts';
import type { Container, Pod } from './shapes.ts';
import type { Told } from './events.ts';

/** What a node tells of a container. */
export type Word = Omit<Told, 'by' | 'container'>;

/** What becomes of every container of a pod at a time. */
export interface Scene {
  readonly state?: (container: Container) => ContainerState;
  readonly told: (container: Container) => readonly Word[];
}

/** One after the other; at the end, and after a back-off, the scenes begin anew. */
export interface Play {
  readonly phase: 'Pending' | 'Running';
  /** @param round how often the scenes were played before @param waited the time until the next round, in ms */
  readonly scenes: (pod: Pod, round: number, waited: number) => readonly Scene[];
}

const good = (reason: string, message: string): Word => ({ type: 'Normal', reason, message });
const bad = (reason: string, message: string): Word => ({ type: 'Warning', reason, message });

export const pulled = ({ image = '' }: Container): Word[] => [
  good('Pulling', `Pulling image "${image}"`),
  good(
    'Pulled',
    `Successfully pulled image "${image}" in 1.204s (1.204s including waiting). Image size: 31457280 bytes.`,
  ),
];
const created = good('Created', 'Container created');
export const started = [created, good('Started', 'Container started')];

const waiting = (reason: string, message: string): ContainerState => ({ state: { waiting: { reason, message } } });

/** What does not go well, and goes on so. */
export const plays: Readonly<Partial<Record<Behaviour, Play>>> = {
  'crash-loop': ending(1, 'Error'),
  failing: ending(1, 'Error'),
  'oom-killed': ending(137, 'OOMKilled'),
  'command-missing': {
    phase: 'Running',
    scenes: (pod, round, waited) => [
      {
        state: (container) => ({
          ...waiting('RunContainerError', texts.missingCommand(container)),
          lastState: { terminated: notStarted(container) },
          restartCount: round,
        }),
        told: (container) => [
          ...(round === 0 ? pulled(container) : []),
          created,
          bad('Failed', `Error: ${texts.missingCommand(container)}`),
        ],
      },
      backOff(pod, round, waited, notStarted),
    ],
  },
  'image-pull-error': {
    phase: 'Pending',
    scenes: () => [
      {
        state: (container) => waiting('ErrImagePull', texts.pullError(container)),
        told: (container) => [
          good('Pulling', `Pulling image "${container.image}"`),
          bad('Failed', `Failed to pull image "${container.image}": ${texts.pullError(container)}`),
          bad('Failed', 'Error: ErrImagePull'),
        ],
      },
      {
        state: (container) => {
          const why = `ErrImagePull: ${texts.pullError(container)}`;
          return waiting('ImagePullBackOff', `${texts.pullBackOff(container)}: ${why}`);
        },
        told: (container) => [good('BackOff', texts.pullBackOff(container)), bad('Failed', 'Error: ImagePullBackOff')],
      },
    ],
  },
  'image-name-invalid': {
    phase: 'Pending',
    scenes: () => [
      {
        state: (container) => waiting('InvalidImageName', texts.badImageName(container)),
        told: (container) => [
          bad('InspectFailed', texts.badImageName(container)),
          bad('Failed', 'Error: InvalidImageName'),
        ],
      },
    ],
  },
  'config-missing': {
    phase: 'Pending',
    scenes: (_pod, round) => [
      {
        state: (container) => waiting('CreateContainerConfigError', texts.missingConfig(container)),
        told: (container) => [
          ...(round === 0 ? pulled(container) : []),
          bad('Failed', `Error: ${texts.missingConfig(container)}`),
        ],
      },
    ],
  },
  'never-ready': {
    phase: 'Running',
    scenes: (_pod, round) => [
      ...(round === 0 ? [{ state: running, told: (one: Container) => [...pulled(one), ...started] }] : []),
      { told: () => [bad('Unhealthy', texts.failedProbe)] },
    ],
  },
};

const running = (): ContainerState => ({
  state: { running: { startedAt: new Date().toISOString().replace(/\.\d+/, '') } },
});

function notStarted(container: Container): Fields {
  return terminated(128, 'StartError', { message: texts.missingCommand(container) });
}

/** Starts and ends. The first restart is left out, which comes without a back-off. */
function ending(exitCode: number, reason: string): Play {
  const end = () => terminated(exitCode, reason);
  return {
    phase: 'Running',
    scenes: (pod, round, waited) => [
      {
        state: () => ({
          state: { terminated: end() },
          lastState: { terminated: end() },
          restartCount: round + 1,
        }),
        told: (container) => [...(round === 0 ? pulled(container) : []), ...started],
      },
      backOff(pod, round + 1, waited, end),
    ],
  };
}

function backOff(pod: Pod, restartCount: number, waited: number, last: (container: Container) => Fields): Scene {
  return {
    state: (container) => ({
      ...waiting('CrashLoopBackOff', texts.restartBackOff(pod, container, waited)),
      lastState: { terminated: last(container) },
      restartCount,
    }),
    told: ({ name }) => [bad('BackOff', `Back-off restarting failed container ${name} in pod ${texts.titleOf(pod)}`)],
  };
}
