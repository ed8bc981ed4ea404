import { field, list, number, text } from '../watching/fields.ts';
import { newPodsOf } from '../watching/new-pods.ts';
import { nameOf, type ObjectName, type ReleaseView, type SeenObject } from '../watching/view.ts';

/** A container that does not do what it should. */
export interface FailingContainer {
  /** The object of the release that it is of. */
  readonly owner: ObjectName;
  readonly pod: SeenObject;
  readonly container: string;
  readonly restarts: number;
  /** How it ended; undefined for one that runs without getting ready. */
  readonly exit: string | undefined;
  /** Whether what it printed before it ended is that of the container before. */
  readonly isPrevious: boolean;
}

/** Containers of the release's new pods that ended badly, are started again and again, or run without being ready. */
export function failingContainers(view: ReleaseView): FailingContainer[] {
  return view.objects
    .filter(({ kind }) => kind !== 'CronJob')
    .flatMap((root) => newPodsOf(root, view).flatMap((pod) => failingIn(pod, nameOf(root))));
}

function failingIn(pod: SeenObject, owner: ObjectName): FailingContainer[] {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((name) => list(field(pod, 'status', name)));
  return statuses.flatMap((status) => {
    const [now, before] = ['state', 'lastState'].map((name) => field(status, name, 'terminated'));
    const isReady = field(status, 'ready') === true;
    // What is started again has to go on running, however it ended.
    const waits = field(status, 'state', 'waiting') !== undefined;
    const exit = exitOf(now) ?? (isReady ? undefined : exitOf(before, waits));
    const runs = field(status, 'state', 'running') !== undefined;
    if (isReady || (exit === undefined && !runs)) return [];
    const container = text(field(status, 'name'));
    const restarts = number(field(status, 'restartCount'));
    return [{ owner, pod, container, restarts, exit, isPrevious: exitOf(now) === undefined && exit !== undefined }];
  });
}

function exitOf(terminated: unknown, mustRun = false): string | undefined {
  if (terminated === undefined || terminated === null) return undefined;
  const code = number(field(terminated, 'exitCode'));
  if (code === 0 && !mustRun) return undefined;
  return field(terminated, 'reason') === 'OOMKilled' ? 'OOMKilled' : `exit code ${code}`;
}
