import { field } from '../../watching/fields.ts';
import { hookOf as hookAnnotation } from '../../health/hooks.ts';
import { called, describe, kubectl, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { exitOf, isTrying, lastWords, logBesides } from './container-words.ts';

const hookOf = ({ troubled: { root } }: Found): string | undefined => root && hookAnnotation(root);

/** A hook whose pods cannot even begin has one of the causes before. */
export const hookFailed: Cause = {
  id: 'hook-failed',
  rank: 'crash',
  evidence: 'A Job or pod with the annotation `helm.sh/hook` that failed, or that helm says so of',
  remedy: 'The log of the hook; `helm.sh/hook-delete-policy` without `hook-failed` keeps it',
  marks: [
    { sources: ['terminated'], reasons: ['Error', 'Completed', 'ContainerCannotRun', 'DeadlineExceeded'] },
    {
      sources: ['condition'],
      reasons: ['BackoffLimitExceeded', 'DeadlineExceeded', 'PodFailurePolicy', 'FailedIndexes'],
    },
    { sources: ['waiting'], reasons: ['CrashLoopBackOff'] },
    {
      sources: ['helm'],
      pattern: /failed (?:pre|post)-\w{1,20}|hooks? failed/,
    },
    { sources: ['helm'], pattern: /\bjob (?<job>\S{1,253}) failed: (?<why>\w{1,100})|Job Failed/ },
  ],
  applies: (found) =>
    found.signal.source === 'helm'
      ? isHookInWords(found)
      : hookOf(found) !== undefined && (found.signal.exitCode ?? 1) !== 0,
  holds: (found) => !found.isOver && found.signal.source !== 'helm' && isTrying(found) === true,
  what: (found) => {
    const hook = hookInWords(found) ?? hookOf(found)?.replaceAll(/\s*,\s*/g, ', ');
    const which = hook === undefined ? 'A hook' : `The ${told(hook, 60)} hook`;
    const named = found.owner.kind === 'Release' ? '' : ` ${called(found.owner)}`;
    const how = isUnended(found) ? 'did not end in time' : `failed${exitOf(found)}${whyOf(found)}`;
    return `${which}${named} ${how}${lastWords(found)}.`;
  },
  fix: (found) =>
    found.owner.kind === 'Release'
      ? 'Read the log of the hook; if its annotation helm.sh/hook-delete-policy removes it at once, take hook-failed out of it, and deploy again.'
      : isUnended(found)
        ? `See what keeps ${quoted(found.owner.name)} from ending. If it only takes long, raise input timeout: helm gives each hook that time.`
        : `Read what ${quoted(found.owner.name)} printed; it has to end with exit code 0 within its backoffLimit and activeDeadlineSeconds.${isRemoved(found) ? ' Helm has removed it with its log: take hook-failed out of its annotation helm.sh/hook-delete-policy to keep it.' : ''}`,
  command: (found) =>
    found.owner.kind === 'Release' || isRemoved(found)
      ? `kubectl get jobs,events --namespace ${word(found.owner.namespace, 'namespace')}`
      : found.owner.kind === 'Job'
        ? `kubectl logs job/${word(found.owner.name, 'job')} --all-containers --tail 50 --namespace ${word(found.owner.namespace, 'namespace')}`
        : kubectl('logs', found.owner).replace('logs pod ', 'logs '),
  canMend: true,
  besides: (found) => [...logBesides(found), ...found.troubled.signals.filter(({ source }) => source === 'condition')],
};

/** The event of the hook, as helm says it: an object may be there for several. */
function hookInWords({ troubled }: Found): string | undefined {
  const said = troubled.signals.filter(({ source }) => source === 'helm').map(({ text }) => text);
  return /(?:pre|post)-\w{1,20}(?= hooks? failed)|(?<=failed )(?:pre|post)-\w{1,20}/.exec(said.join('\n'))?.[0];
}

/** Helm deletes a hook that failed where its annotation says so (helm, pkg/release/v1/hook.go). */
const isRemoved = (found: Found): boolean =>
  !isUnended(found) &&
  /\bhook-failed\b/.test(found.troubled.root?.metadata.annotations?.['helm.sh/hook-delete-policy'] ?? '');

/** A Job that is no hook is waited for, too: what helm says of one counts only where the object is not known to be none. */
const isHookInWords = (found: Found): boolean => found.troubled.root === undefined || hookOf(found) !== undefined;

/** Helm waited for it in vain: it has not failed. */
function isUnended(found: Found): boolean {
  const { signal, troubled, groups } = found;
  return signal.source === 'helm' && !groups['job'] && troubled.root?.kind === 'Job' && whyOf(found) === '';
}

function whyOf({ troubled }: Found): string {
  const failed = troubled.signals.find(({ source, where }) => source === 'condition' && where.includes('[Failed]'));
  return failed === undefined ? '' : ` (${told(failed.reason)})`;
}

export const progressDeadline: Cause = {
  id: 'progress-deadline',
  rank: 'time-out',
  evidence:
    'A Deployment whose condition Progressing is False with ProgressDeadlineExceeded, and nothing else that tells why',
  remedy: 'What its pods do; `progressDeadlineSeconds` where they only take long',
  marks: [{ sources: ['condition'], reasons: ['ProgressDeadlineExceeded'] }],
  what: (found) => {
    const seconds = field(found.troubled.root?.['spec'], 'progressDeadlineSeconds');
    return `${called(found.owner)} made no progress within its progressDeadlineSeconds${typeof seconds === 'number' ? ` (${seconds})` : ''}.`;
  },
  fix: () =>
    "Look at its newest pods; if they only take long (such as a large image), raise progressDeadlineSeconds in the chart's values.",
  command: ({ owner }) => describe(owner),
  canMend: false,
  // What its pods are at, such as pulling a large image.
  besides: ({ troubled }) => troubled.signals.filter(({ isUsual }) => isUsual === true),
};
