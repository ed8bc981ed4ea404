import { matchesWildcard } from '../../text/wildcard.ts';
import { isMap, listAt, type ManifestObject, type Mapping, mapAt, textAt } from '../objects.ts';
import type { Policy, Verdict } from '../policies.ts';
import { withPods } from '../pods.ts';

type Judged = Pick<Verdict, 'policy' | 'rule' | 'object' | 'result'>;

/** Policies about pods, and the pods that they did not judge by the workloads. */
export interface PodsLeft {
  readonly policies: readonly Policy[];
  readonly pods: readonly ManifestObject[];
}

/**
 * The pods of workloads that a cluster judges by policies of Kyverno besides the workloads. Kyverno judges the workload
 * instead only by a rule about pods alone, and by none that chooses them by labels or names or whose author wants it so
 * (kyverno.io, Auto-Gen Rules); yet of any other the pods are refused once the workload is there.
 * @param verdicts on the objects themselves
 */
export function podsLeft(
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
  verdicts: readonly Judged[],
): PodsLeft {
  const made = withPods(objects).filter(({ owner }) => owner !== undefined && owner.kind !== 'PodTemplate');
  const known = new Judgements(verdicts);
  const pods = new Set<ManifestObject>();
  const open = policies.filter((policy) => {
    const rules = [...podRules(policy)];
    const left = made.filter((pod) =>
      rules.some(([rule, isAlone]) => !isAlone || known.of(policy, rule, pod) === undefined),
    );
    left.forEach((pod) => pods.add(pod));
    return left.length > 0;
  });
  return { policies: open, pods: [...pods] };
}

/** The verdicts on pods that tell more than those on their workloads. */
export function newVerdicts(ofPods: readonly Verdict[], ofObjects: readonly Judged[]): Verdict[] {
  const known = new Judgements(ofObjects);
  return ofPods.filter(({ policy, rule, object, result }) => known.of(policy, rule, object) !== result);
}

/** What rules say of workloads. */
class Judgements {
  readonly #results = new Map<Policy, Map<ManifestObject, Map<string, Verdict['result']>>>();

  constructor(verdicts: readonly Judged[]) {
    for (const { policy, object, rule, result } of verdicts) {
      const ofPolicy = this.#results.get(policy) ?? new Map<ManifestObject, Map<string, Verdict['result']>>();
      const ofObject = ofPolicy.get(object) ?? new Map<string, Verdict['result']>();
      this.#results.set(policy, ofPolicy.set(object, ofObject.set(rule, result)));
    }
  }

  /** Of the owner of a pod. */
  of(policy: Policy, rule: string, { owner }: ManifestObject): Verdict['result'] | undefined {
    return owner && this.#results.get(policy)?.get(owner)?.get(rule);
  }
}

/** The rules of a policy that may be about pods, by their names, and whether each is about pods alone. */
function podRules({ kind, document }: Policy): Map<string, boolean> {
  if (kind.endsWith('ValidatingPolicy')) {
    const rules = listAt(document, 'spec', 'matchConstraints', 'resourceRules');
    return podRule(
      '',
      'pods',
      rules.flatMap((rule) => textsAt(rule, 'resources')),
    );
  }
  const rules = listAt(document, 'spec', 'rules').filter(isMap);
  return new Map(rules.flatMap((rule) => [...podRule(textAt(rule, 'name'), 'Pod', kindsIn(rule))]));
}

/** @param named such as `pods` or `v1/Pod`; with none it is about everything */
function podRule(name: string, pod: string, named: readonly string[]): Map<string, boolean> {
  const isPod = (each: string): boolean => each.split('/').some((part) => matchesWildcard(part, pod));
  if (named.length > 0 && !named.some(isPod)) return new Map();
  return new Map([[name, named.length > 0 && named.every((each) => each.split('/').includes(pod))]]);
}

function kindsIn(rule: Mapping): string[] {
  const match = mapAt(rule, 'match');
  const filters = [match, ...listAt(match, 'any'), ...listAt(match, 'all')];
  return filters.flatMap((filter) => textsAt(mapAt(filter, 'resources'), 'kinds'));
}

const textsAt = (value: Parameters<typeof listAt>[0], name: string): string[] =>
  listAt(value, name).filter((each) => typeof each === 'string');
