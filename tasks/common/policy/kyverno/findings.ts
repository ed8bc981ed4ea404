import { EngineFailure } from '../engine.ts';
import { keyOf, type ManifestObject, type ObjectKey } from '../objects.ts';
import type { Findings, Policy, Result, Verdict } from '../policies.ts';
import type { KyvernoReport, ReportedResult } from './report.ts';

/** What a report calls the part of Kyverno that judged, by the kind of the policy. */
const sources: Readonly<Record<string, string>> = {
  ClusterPolicy: 'kyverno',
  Policy: 'kyverno',
  ValidatingPolicy: 'KyvernoValidatingPolicy',
  NamespacedValidatingPolicy: 'KyvernoValidatingPolicy',
  ValidatingAdmissionPolicy: 'ValidatingAdmissionPolicy',
};

const results: readonly Result[] = ['pass', 'fail', 'warn', 'error', 'skip'];

/** What a report says of the policies and objects that kyverno was given. @throws EngineFailure when it tells of others */
export function findingsIn(
  report: KyvernoReport,
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
): Findings {
  const byName = new Map(policies.map((policy) => [`${sources[policy.kind]} ${policy.name}`, policy]));
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  const verdicts = report.results.map((reported): Verdict => {
    const policy = byName.get(`${reported.source} ${reported.policy}`);
    const object = byKey.get(keyOf(reported.object)) ?? byKey.get(keyOf(withoutDefault(reported.object)));
    if (policy === undefined || object === undefined) {
      throw new EngineFailure(
        `kyverno told of ${reported.policy} and ${keyOf(reported.object)}, which it was not asked about.`,
      );
    }
    return verdictOf(reported, policy, object);
  });
  const faults = policies.flatMap((policy): [Policy, string][] => {
    const reason = report.skipped.get(policy.name) ?? report.skipped.get(policy.name.split('/').at(-1) ?? '');
    return reason === undefined ? [] : [[policy, reason]];
  });
  return { verdicts, faults: new Map(faults) };
}

/** kyverno 1.19.1 puts an object of the whole cluster into default where it does not know its kind, as it knows no custom ones. */
function withoutDefault(key: ObjectKey): ObjectKey {
  return key.namespace === 'default' ? { ...key, namespace: '' } : key;
}

function verdictOf(
  { rule: named, binding, result: said, message }: ReportedResult,
  policy: Policy,
  object: ManifestObject,
): Verdict {
  const rule = authorsRule(named, policy);
  const result = results.find((known) => known === said);
  if (result === undefined) throw new EngineFailure(`kyverno told of the result '${said}', which is not known here.`);
  return {
    policy,
    rule,
    object,
    result: result === 'fail' && !policy.denies(binding || rule, object.namespace) ? 'warn' : result,
    ...told(message),
  };
}

/** `validation error: No. rule autogen-only failed at path /spec/image/` says the rule and the field in its own words. */
function told(message: string): Pick<Verdict, 'message' | 'path'> {
  const [, words, pointer] = /^validation error: ([\s\S]*) rule \S+ failed at path (\/\S*)$/.exec(message) ?? [];
  if (words === undefined || pointer === undefined) return { message, path: '' };
  return { message: words, path: fieldPath(pointer) };
}

/** Kyverno makes rules for workloads of those for pods, and names them `autogen-…` and `autogen-cronjob-…`. */
function authorsRule(named: string, { kind, name }: Policy): string {
  // Of policies that have no named rules it names the policy, or that there is an exception.
  if (sources[kind] !== 'kyverno') return named === name || named === 'exception' ? '' : named;
  return named.replace(/^autogen-(cronjob-)?/, '');
}

/** `/spec/containers/0/image/` as `spec.containers[0].image`. */
function fieldPath(pointer: string): string {
  const names = pointer.split('/').filter((name) => name !== '');
  return names
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`))
    .join('')
    .replace(/^\./, '');
}
