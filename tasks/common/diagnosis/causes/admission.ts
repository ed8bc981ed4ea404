import { healthOf } from '../../health/health-of.ts';
import type { Signal } from '../signals.ts';
import { called, describe, kubectl, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';

/** What is refused is told by helm where it makes it itself, else by an event of what makes the pods. */
export const refusals = (pattern: RegExp): Cause['marks'] => [
  {
    sources: ['event'],
    reasons: ['FailedCreate', 'FailedUpdate', 'ReplicaSetCreateError', 'FailedDaemonPod'],
    pattern,
  },
  { sources: ['condition'], reasons: ['FailedCreate', 'ReplicaSetCreateError'], pattern },
  { sources: ['helm'], pattern },
];

/** The parts of one refusal as evidence of their own. */
export const inParts = (found: Found, parts: readonly string[]): readonly Signal[] =>
  (parts.length < 2 ? [] : parts).map((part) => ({ ...found.signal, reason: '', text: part }));

/** What a quota counts as used is behind what is there, as when Recreate has just ended the old pods. In ms. */
const lag = 15_000;

function isFresh({ near, signal, now }: Found): boolean {
  const times = [signal, ...near].filter(({ text }) => text.includes('exceeded quota')).map(({ at }) => at ?? now);
  return now.getTime() - Math.min(...times.map((at) => at.getTime())) < lag;
}

/** Whether others of the release are not done: they may take only for now what is asked for here, as by a pod too many. */
const areOthersOnTheirWay = ({ troubled: { root }, view, now }: Found): boolean =>
  view.objects.some((object) => object !== root && healthOf(object, view, now)?.state === 'progressing');

/** What is refused, within a sentence. */
export const refused = ({ owner, signal }: Found): string =>
  owner.kind === 'Release'
    ? `an object of release ${quoted(owner.name)}`
    : signal.source === 'helm' || owner.kind === 'Pod'
      ? called(owner)
      : `the pods of ${called(owner)}`;

const quota: Cause = {
  id: 'quota-exceeded',
  rank: 'admission',
  evidence: 'An event FailedCreate with `exceeded quota` or `failed quota … must specify`',
  remedy:
    'Raise the ResourceQuota, or lower requests and limits; `maxSurge: 0` where only the additional pod has no room',
  marks: refusals(
    /exceeded quota: (?<quota>[^\s,]{1,253}), requested: (?<requested>[^\n]{1,300}?), used: (?<used>[^\n]{1,300}?), limited: (?<limited>[^\n]{1,300})|failed quota: (?<strict>[^\s:]{1,253}): must specify (?<fields>[^\n]{1,300})/,
  ),
  what: (found) => {
    const { quota: name = '', requested = '', used = '', limited = '', strict, fields = '' } = found.groups;
    return strict
      ? `ResourceQuota ${quoted(strict)} refuses ${refused(found)}: they do not say ${told(fields, 300)}.`
      : `ResourceQuota ${quoted(name)} has no room for ${refused(found)} (requested: ${told(requested, 200)}; used: ${told(used, 200)}; limited: ${told(limited, 200)}).`;
  },
  fix: (found) => {
    if (found.groups['strict'])
      return "Set resources.requests and resources.limits for every container in the chart's values, or let a LimitRange of the namespace give defaults.";
    return isSurge(found)
      ? 'The old pods are still there and only the additional one has no room: set strategy.rollingUpdate.maxSurge to 0 (and maxUnavailable to 1), or raise the quota by one pod.'
      : `Raise spec.hard of ResourceQuota ${quoted(found.groups['quota'] ?? '')}, or lower resources.requests, limits or replicaCount in the chart's values.`;
  },
  command: ({ owner, groups }) =>
    describe({ kind: 'ResourceQuota', namespace: owner.namespace, name: groups['quota'] || groups['strict'] || '' }),
  canMend: (found) =>
    !found.groups['strict'] &&
    (found.troubled.pods.length > 0 || isMakingRoom(found) || isFresh(found) || areOthersOnTheirWay(found)),
};

const oldPods = ({ troubled: { root, pods }, view }: Found) => {
  if (root === undefined) return [];
  const children = view.childrenOf(root).flatMap((child) => [child, ...view.childrenOf(child)]);
  const fresh = new Set(pods);
  return children.filter((child) => child.kind === 'Pod' && !fresh.has(child));
};

const isSurge = (found: Found): boolean => found.owner.kind === 'Deployment' && oldPods(found).length > 0;

const isMakingRoom = (found: Found): boolean =>
  oldPods(found).some(({ metadata }) => metadata.deletionTimestamp !== undefined);

const limitRange: Cause = {
  id: 'limit-range',
  rank: 'admission',
  evidence: 'A refusal with `maximum … usage per` or `minimum … usage per`',
  remedy: "Requests and limits within the namespace's LimitRange",
  marks: refusals(
    /(?<bound>maximum|minimum) (?<resource>\S{1,100}) usage per (?<per>Container|Pod|PersistentVolumeClaim) is (?<limit>[^\s,]{1,40})(?:, but (?<what>request|limit) is (?<has>[^\s,\]]{1,40}))?|(?<![\w./-])(?<ratio>[\w./-]{1,100}) max limit to request ratio per (?:Container|Pod) is (?<most>[^\s,]{1,40})/,
  ),
  what: (found) => {
    const { bound = '', resource = '', per = '', limit = '', what = '', has = '', ratio, most = '' } = found.groups;
    return ratio
      ? `A LimitRange refuses ${refused(found)}: the limit of ${told(ratio, 60)} may be at most ${told(most, 40)} times its request.`
      : `A LimitRange refuses ${refused(found)}: the ${bound} of ${told(resource, 60)} per ${per} is ${told(limit, 40)}${has === '' ? '' : `, but the ${what} is ${told(has, 40)}`}.`;
  },
  fix: (found) => {
    const resource = told(found.groups['resource'] || found.groups['ratio'] || 'cpu', 60);
    return `Set resources.requests.${resource} and resources.limits.${resource} in the chart's values within the LimitRange, or change the LimitRange.`;
  },
  command: ({ owner }) => `kubectl describe limitranges --namespace ${word(owner.namespace, 'namespace')}`,
  canMend: false,
};

const podSecurity: Cause = {
  id: 'pod-security',
  rank: 'admission',
  evidence: 'A refusal with `violates PodSecurity "<level>:<version>"`',
  remedy: 'The fields of securityContext that the refusal lists',
  marks: refusals(/violates PodSecurity "(?<level>[^"]{1,60})": (?<violations>[^\n]{1,2000})/),
  what: (found) =>
    `Pod Security ${quoted(found.groups['level'] ?? '')} of namespace ${quoted(found.owner.namespace)} refuses ${refused(found)}: ${told(found.groups['violations'] ?? '', 600)}.`,
  fix: (found) => {
    const fields = new Set(
      (found.groups['violations'] ?? '').match(/securityContext\.[\w.]{1,60}(?:=[\w.[\]"]{1,40})?/g),
    );
    const named = [...fields]
      .slice(0, 6)
      .map((each) => told(each, 100))
      .join(', ');
    return named === ''
      ? "Take what is listed out of the pod template (hostPath volumes, host ports, host namespaces), or change the namespace's label pod-security.kubernetes.io/enforce."
      : `Set ${named} in the chart's values (podSecurityContext, securityContext).`;
  },
  command: ({ owner }) =>
    `${kubectl('get', { kind: 'Namespace', namespace: '', name: owner.namespace })} --show-labels`,
  canMend: false,
  besides: (found) => inParts(found, violationsIn(found.groups['violations'] ?? '')),
};

/** The violations one by one: a comma parts them, and others stand within their brackets. */
const violationsIn = (violations: string): string[] => violations.split(/(?<=\)), /).slice(0, 6);

/** The limits of a namespace. */
export const admissionCauses: readonly Cause[] = [podSecurity, quota, limitRange];
