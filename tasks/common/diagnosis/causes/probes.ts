import { normalUntil } from '../../health/probes.ts';
import { field, list, number, text } from '../../watching/fields.ts';
import type { Signal } from '../signals.ts';
import { called, describe, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { capital, containerIn, lastWords } from './container-words.ts';

const probeKills: Cause = {
  id: 'probe-kills',
  rank: 'probe',
  evidence: 'An event Killing with `failed liveness probe` or `failed startup probe`, and no exit code of its own',
  remedy: "The probe's path and port, `initialDelaySeconds`, `failureThreshold`, or a startup probe",
  marks: [
    {
      sources: ['event'],
      reasons: ['Killing'],
      pattern: /Container (?<name>\S{1,253}) failed (?<probe>liveness|startup) probe, will be restarted/,
    },
  ],
  what: (found) => {
    const { name = '', probe = '' } = found.groups;
    return `Container ${quoted(name)} of ${called(found.owner)} is killed again and again because its ${probe} probe fails${probeSays(found, probe)}.`;
  },
  fix: (found) => {
    const { name = '', probe = '' } = found.groups;
    const asked = asks(found, name, `${probe}Probe`);
    const slow =
      probe === 'startup'
        ? 'failureThreshold of its startupProbe'
        : `failureThreshold of a startupProbe (or initialDelaySeconds of ${probe}Probe)`;
    return `Check that the program answers ${asked === '' ? "the probe's path and port" : asked}; if it only begins slowly, raise ${slow} in the chart's values.`;
  },
  command: ({ signal: { name } }) => describe(name),
  canMend: true,
  besides: ({ near }) => [
    ...near.filter(({ reason }) => reason === 'Unhealthy'),
    ...near.filter(({ source }) => source === 'log'),
  ],
};

/** What the kubelet got when it asked, as part of a sentence. */
function probeSays({ near }: Found, probe: string): string {
  const said = near.findLast(
    ({ reason, text: message }) => reason === 'Unhealthy' && message.toLowerCase().startsWith(probe),
  );
  // It begins with what the sentence says already, and may say nothing else.
  const how = told(said?.text.replace(/^\w+ probe \w+(?: \w+)?: ?/, '') ?? '', 200);
  return how === '' ? '' : ` (${how})`;
}

/** A port's number or name. */
const port = (of: unknown): string => told(String(number(field(of, 'port')) || text(field(of, 'port'))), 40);

/** Such as `GET /healthz on port 8080`. */
function asks({ signal }: Found, container: string, probe: string): string {
  const spec = list(field(signal.object?.['spec'], 'containers')).find((each) => field(each, 'name') === container);
  const get = field(spec, probe, 'httpGet');
  if (get !== undefined) return `GET ${told(text(field(get, 'path')) || '/', 200)} on port ${port(get)}`;
  const tcp = field(spec, probe, 'tcpSocket');
  return tcp === undefined ? '' : `port ${port(tcp)}`;
}

const neverReady: Cause = {
  id: 'never-ready',
  rank: 'probe',
  evidence: 'A container that runs, is not restarted, and is not ready after the time that its probe gives it',
  remedy: 'What the readiness probe gets, and what the program waits for',
  marks: [
    { sources: ['event'], reasons: ['Unhealthy'], pattern: /(?:Readiness|Startup) probe (?:failed|errored)/ },
    { sources: ['status'], reasons: ['NotReady'] },
  ],
  applies: ({ signal, near }) => signal.container?.isInit !== true && near.some(isRunning),
  holds: ({ near, now, isOver }) =>
    !isOver && near.filter(isRunning).every((signal) => now.getTime() < deadlineOf(signal, now)),
  what: (found) => {
    const said = probeSays(found, 'readiness') || probeSays(found, 'startup');
    const { near, owner } = found;
    const container = near.find(isRunning)?.container;
    return `${capital(containerIn({ ...found, owner, signal: { ...found.signal, ...(container && { container }) } }))} runs, but never gets ready${said}${said === '' ? lastWords(found) : ''}.`;
  },
  fix: (found) => {
    const name = found.near.find(isRunning)?.container?.name ?? '';
    const asked = asks(found, name, 'readinessProbe');
    return `Look at what the program answers${asked === '' ? '' : ` to ${asked}`}: a wrong path or port of readinessProbe, or something that it waits for, such as its database.`;
  },
  command: ({ signal: { name } }) =>
    `kubectl logs ${word(name.name, 'pod')} --all-containers --tail 50 --namespace ${word(name.namespace, 'namespace')}`,
  canMend: true,
  besides: ({ near }) => near.filter(({ source }) => source === 'log'),
};

const isRunning = ({ source, reason, container }: Signal): boolean =>
  source === 'status' && reason === 'NotReady' && container?.isInit === false;

/** A container without a readiness probe is ready as soon as the kubelet has looked. In milliseconds. */
const slack = 10_000;

/** Until when it is normal that a container is not ready: as its own probes have it. In milliseconds. */
function deadlineOf({ object, container, at }: Signal, now: Date): number {
  const normal = object && container && normalUntil(object, container.name);
  return (normal ?? at ?? now).getTime() + slack;
}

const readinessGate: Cause = {
  id: 'readiness-gate',
  rank: 'probe',
  evidence: 'A condition of `spec.readinessGates` that is not True, of a pod whose containers are ready',
  remedy: 'The controller that sets the condition',
  marks: [{ sources: ['condition'], reasons: ['ReadinessGate'] }],
  holds: ({ signal, now, isOver }) => !isOver && now.getTime() - (signal.at?.getTime() ?? now.getTime()) < 60_000,
  what: (found) =>
    `Pod ${quoted(found.signal.name.name)} of ${called(found.owner)} waits for its readiness gate ${quoted(gateOf(found))}${found.signal.text === '' ? '' : ` (${told(found.signal.text, 200)})`}.`,
  fix: (found) =>
    `Look at the controller that sets the condition ${quoted(gateOf(found))} (such as that of the load balancer): it is not installed, or it fails.`,
  command: ({ signal: { name } }) => describe(name),
  canMend: true,
};

const gateOf = ({ signal }: Found): string => /\[(.*)\]/.exec(signal.where)?.[1] ?? '';

export const probeCauses: readonly Cause[] = [probeKills, neverReady, readinessGate];
