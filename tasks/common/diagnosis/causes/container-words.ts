import { field } from '../../watching/fields.ts';
import { restartsOf } from '../pod-signals.ts';
import type { Signal } from '../signals.ts';
import { called, quoted, word } from '../words.ts';
import type { Found } from './cause.ts';

/** A container within a sentence: `container 'web' of Deployment 'shop'`, or the init container. */
export const containerIn = ({ owner, signal: { container } }: Found): string =>
  `${container?.isInit ? 'init container' : 'container'} ${quoted(container?.name ?? '')} of ${called(owner)}`;

export const capital = (sentence: string): string => `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}`;

/** The command that shows what a container printed; before its last restart where it runs again or is about to. */
export function logs({ signal: { name, container } }: Found): string {
  const status = container?.status;
  const isAgain = restartsOf(status) > 0 && field(status, 'state', 'terminated') === undefined;
  const of = container === undefined ? ' --all-containers' : ` --container ${word(container.name, 'container')}`;
  return `kubectl logs ${word(name.name, 'pod')}${of}${isAgain ? ' --previous' : ''} --tail 50 --namespace ${word(name.namespace, 'namespace')}`;
}

/** The signals of the same container that have more to say of it. */
export const ofSameContainer = ({ signal, near }: Found): readonly Signal[] =>
  near.filter(({ container }) => container?.name === signal.container?.name);

/** The end of a container's log. */
export const logBesides = (found: Found): readonly Signal[] =>
  ofSameContainer(found).filter(({ source }) => source === 'log');

/** The last line that a container printed, as part of a sentence. */
export function lastWords(found: Found): string {
  const [log] = logBesides(found);
  const line = log?.text.split('\n').findLast((each) => each.trim() !== '') ?? '';
  return line === '' ? '' : `; its last line: ${quoted(line.trim(), 300)}`;
}

/** Whether a kubelet killed the container because a probe failed. */
export const isProbeKill = ({ near }: Found): boolean =>
  near.some(({ reason, text }) => reason === 'Killing' && /failed (?:liveness|startup) probe/.test(text));

/** The exit code of the container's last end, as part of a sentence. */
export function exitOf(found: Found): string {
  const end = ofSameContainer(found).findLast(({ exitCode }) => exitCode !== undefined);
  return end?.exitCode === undefined ? '' : ` with exit code ${end.exitCode}`;
}

/** Whether a Job still has tries left, however its pods end; undefined for what is no Job. */
export function isTrying({ troubled: { root, signals } }: Found): boolean | undefined {
  if (root?.kind !== 'Job') return undefined;
  return !signals.some(({ source, where }) => source === 'condition' && where === 'status.conditions[Failed]');
}
