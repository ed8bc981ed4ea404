import { field, text } from '../../watching/fields.ts';
import { restartsOf } from '../pod-signals.ts';
import type { Signal } from '../signals.ts';
import { describe, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import {
  capital,
  containerIn,
  exitOf,
  isProbeKill,
  isTrying,
  lastWords,
  logBesides,
  logs,
  ofSameContainer,
} from './container-words.ts';
import { hookFailed } from './hooks.ts';

/** Exit codes of a process that was told to go (SIGTERM) or killed (SIGKILL). */
const killed = [137, 143];

const commandMissing: Cause = {
  id: 'command-missing',
  rank: 'crash',
  evidence:
    'A container that cannot be started (StartError, RunContainerError) with `executable file not found` or `no such file or directory`',
  remedy: 'Correct `command` and `args`; images without a shell have no `sh`',
  marks: [
    {
      sources: ['waiting', 'terminated', 'event'],
      reasons: [
        'RunContainerError',
        'StartError',
        'ContainerCannotRun',
        'CreateContainerError',
        'CrashLoopBackOff',
        'Failed',
      ],
      pattern:
        /exec: \\?"(?<command>[^"\\]{1,300})\\?": (?:stat [^:]{1,300}: )?(?<how>executable file not found in \$PATH|no such file or directory|permission denied)|no command specified/,
    },
  ],
  what: (found) =>
    found.groups['command']
      ? `${capital(containerIn(found))} cannot start: its image has no program ${quoted(found.groups['command'])} that can be run (${told(found.groups['how'] ?? '')}).`
      : `${capital(containerIn(found))} cannot start: neither its image nor the pod template names a command.`,
  fix: ({ groups }) =>
    /^(?:\/bin\/)?(?:ba)?sh$/.test(groups['command'] ?? '')
      ? 'The image has no shell (as distroless images): name the program itself in command and args of the container, without a shell.'
      : "Correct command and args of the container in the chart's values, or build the program into the image, with the right to be executed.",
  command: ({ signal: { name } }) => describe(name),
  canMend: false,
};

const outOfMemory: Cause = {
  id: 'out-of-memory',
  rank: 'crash',
  evidence: 'A container that ended with the reason OOMKilled',
  remedy: 'Raise `resources.limits.memory`, or let the program use less',
  marks: [{ sources: ['terminated'], reasons: ['OOMKilled'] }],
  what: (found) => {
    const limit = field(found.signal.container?.spec, 'resources', 'limits', 'memory');
    const shown = typeof limit === 'string' || typeof limit === 'number' ? ` of ${quoted(String(limit), 40)}` : '';
    return `${capital(containerIn(found))} was killed because it used more memory than its limit${shown} (OOMKilled, exit code ${found.signal.exitCode ?? 137}).`;
  },
  fix: () =>
    "Raise resources.limits.memory of the container in the chart's values (and requests with it), or let the program use less.",
  command: ({ signal: { name } }) =>
    `kubectl top pod ${word(name.name, 'pod')} --containers --namespace ${word(name.namespace, 'namespace')}`,
  canMend: true,
  besides: logBesides,
};

const initContainer: Cause = {
  id: 'init-container',
  rank: 'crash',
  evidence: 'An init container that fails, or still runs, while the others wait for it (PodInitializing)',
  remedy: "The init container's log; what it waits for",
  marks: [
    { sources: ['terminated'] },
    { sources: ['waiting'], reasons: ['CrashLoopBackOff'] },
    { sources: ['status'], reasons: ['NotReady'] },
  ],
  applies: ({ signal }) =>
    signal.container?.isInit === true && (signal.source !== 'terminated' || (signal.exitCode ?? 0) !== 0),
  holds: ({ signal, now, isOver }) =>
    !isOver && signal.source === 'status' && now.getTime() - (signal.at?.getTime() ?? now.getTime()) < 120_000,
  what: (found) =>
    found.signal.source === 'status'
      ? `${capital(containerIn(found))} does not end, and the others wait for it${lastWords(found)}.`
      : `${capital(containerIn(found))} fails${exitOf(found)}, so the others are never started${lastWords(found)}.`,
  fix: (found) =>
    `Read what ${quoted(found.signal.container?.name ?? '')} printed: ${found.signal.source === 'status' ? 'it waits for something that does not come, such as a database or a migration' : 'it has to end with exit code 0'}.`,
  command: logs,
  canMend: true,
  besides: logBesides,
};

const crashes: Cause = {
  id: 'container-crashes',
  rank: 'crash',
  evidence: 'CrashLoopBackOff, or a container that ended: its exit code and the end of its log',
  remedy: 'The last lines of the log; exit code 0 means that the program ended by itself',
  marks: [
    { sources: ['waiting'], reasons: ['CrashLoopBackOff'] },
    { sources: ['terminated'], reasons: ['Error', 'Completed', 'ContainerStatusUnknown', ''] },
  ],
  applies: (found) => found.signal.container?.isInit !== true && isCrash(found),
  // Many programs give up once or twice until what they need is there; a Job has its backoffLimit for that.
  holds: (found) => !found.isOver && (isTrying(found) ?? restartsOf(found.signal.container?.status) < 2),
  what: (found) => {
    const restarts = restartsOf(found.signal.container?.status);
    const again = restarts > 0 ? `, after ${restarts} restart${restarts === 1 ? '' : 's'}` : '';
    return `${capital(containerIn(found))} ends${exitOf(found)}${again}${lastWords(found)}.`;
  },
  fix: (found) => advice(endOf(found)?.exitCode),
  command: logs,
  canMend: true,
  besides: logBesides,
};

/** How a container ended last: now, or before its restart. */
const endOf = (found: Found): Signal | undefined =>
  found.signal.source === 'terminated'
    ? found.signal
    : ofSameContainer(found).find(({ source }) => source === 'terminated');

/** A kill by a probe has an entry of its own, unless the container ended for a reason of its own. */
function isCrash(found: Found): boolean {
  const end = endOf(found);
  const isByProbe = isProbeKill(found) && (end?.exitCode === undefined || killed.includes(end.exitCode));
  if (isByProbe || end?.reason === 'OOMKilled') return false;
  if (found.signal.source === 'waiting') return true;
  // A container of a Job may end; a restart that is over is no news while the container runs.
  const isOver = field(found.signal.container?.status, 'state', 'terminated') !== undefined;
  const mayEnd = found.owner.kind === 'Job' || text(field(found.signal.object?.['spec'], 'restartPolicy')) === 'Never';
  if (found.signal.exitCode === 0) return isOver && !mayEnd;
  return isOver || restartsOf(found.signal.container?.status) > 1;
}

function advice(exitCode: number | undefined): string {
  switch (exitCode ?? 1) {
    case 0:
      return 'It ended without an error (exit code 0), but has to go on running: correct command and args, so that the program stays in the foreground.';
    case 137:
      return 'Something killed it (SIGKILL), but not for its memory limit: a probe, the node, or the program itself; look at the events of the pod.';
    case 143:
      return 'It was told to stop (SIGTERM): look at the events of the pod for who did.';
    case 126:
    case 127:
      return "Its command cannot be run or was not found: correct command and args of the container in the chart's values.";
    default:
      return "Read the last lines of its log: what it says there is missing or wrong is what the chart's values, its ConfigMap or its Secret must give it.";
  }
}

export const crashCauses: readonly Cause[] = [commandMissing, outOfMemory, hookFailed, initContainer, crashes];
