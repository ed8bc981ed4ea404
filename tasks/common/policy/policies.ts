import type { Mapping, ManifestObject } from './objects.ts';

/** A policy that was loaded, as it is known before any engine sees it. */
export interface Policy {
  /** Such as `ValidatingPolicy`, or the kind of a constraint. */
  readonly kind: string;
  /** With the namespace before it where the policy is one of a namespace: `shop/no-latest`. */
  readonly name: string;
  /** The file that it comes from. */
  readonly source: string;
  /** As its author rates it, such as `high`; empty where it is not rated. */
  readonly severity: string;
  /** What the engine gets. Empty where nothing of the policy can be checked here. */
  readonly document: Mapping | undefined;
  /** What puts a policy of Kubernetes in force, for the engine beside the document. */
  readonly bindings?: readonly Mapping[];
  /** What of it cannot be checked here and why, each a clause such as `it changes objects (mutate)`. */
  readonly unchecked: readonly string[];
  /** The names of the rules that are checked; empty where a policy has no named rules. */
  readonly rules: readonly string[];
  /**
   * Whether a cluster would refuse an object for this rule, or by this binding; it may also just warn, or take notes.
   * @param namespace the object's, empty where it has none
   */
  denies(ruleOrBinding: string, namespace: string): boolean;
}

/** What an engine is started with. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  /** Documents that the policies need beside them: templates of constraints, exceptions. */
  readonly companions: readonly Mapping[];
}

/**
 * What a rule says of an object. `fail`: a cluster would refuse it. `warn`: the same of a rule that only warns. `error`: the
 * engine could not tell. `skip`: an exception, or a condition of the rule's own, takes the object out.
 */
export type Result = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

export interface Verdict {
  readonly policy: Policy;
  /** Empty where policies have no named rules. */
  readonly rule: string;
  readonly object: ManifestObject;
  readonly result: Result;
  /** The engine's words: foreign text. */
  readonly message: string;
  /** The field that is at fault, such as `spec.containers[0].image`; empty where the engine does not say. */
  readonly path: string;
}

/** What an engine found of some policies. */
export interface Findings {
  readonly verdicts: readonly Verdict[];
  /** Policies that the engine did not take, with its words. */
  readonly faults: ReadonlyMap<Policy, string>;
}

/** The name of a policy with its kind, as people see it. */
export const policyName = ({ kind, name }: Policy): string => `${kind} ${name}`;
