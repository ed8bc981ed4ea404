import path from 'node:path';
import { firstLine } from '../../text/lines.ts';
import { answerOf, type Engine, type EngineContext, EngineFailure, withFiles } from '../engine.ts';
import { labelsFor, missingNamespaces, type NamespaceLabels } from '../namespaces.ts';
import { keyOf, type ManifestObject, type Mapping } from '../objects.ts';
import { type Policy, type PolicySet, policyName, type Verdict } from '../policies.ts';
import { withPods } from '../pods.ts';
import { groupOf } from '../scopes.ts';
import { isForGenerated, labelled, matchingAll, scopeNamed, scopesOf, withoutScope } from './constraints.ts';
import { kindOf } from './policies.ts';
import { type Violation, violationsIn } from './violations.ts';

/** Of one policy and object so many violations are told. */
const mostMessages = 20;

/**
 * Gatekeeper's own program as an engine. It tells of violations alone, so it is run a second time to tell what each
 * constraint matches: what matches and has no violation passes.
 * @param program its path
 */
export function gator(
  program: string,
  { companions }: PolicySet,
  labels: NamespaceLabels,
  context: EngineContext,
): Engine {
  return async (policies, objects) => {
    // Policies of the chart's own would take part in the test.
    const judged = withPods(objects.filter(({ apiVersion }) => !/(^|\.)gatekeeper\.sh$/.test(groupOf(apiVersion))));
    const kinds = new Set(policies.map(({ kind }) => kind));
    const templates = companions.filter((template) => kinds.has(kindOf(template)));
    const constraints = policies.map(({ document }) => document).filter((document) => document !== undefined);
    const namespaces = missingNamespaces(judged, labelsFor(judged, labels));
    const matches = await test(
      [...templates.map(matchingAll), ...constraints.flatMap(scopesOf)],
      [...judged.map(({ value }) => labelled(value)), ...namespaces],
    );
    const violations = await test(
      [...templates, ...constraints.map(withoutScope)],
      [...judged.map(({ value }) => value), ...namespaces],
    );
    return { verdicts: verdictsOf({ matches, violations }, policies, judged), faults: new Map() };
  };

  async function test(rules: readonly Mapping[], objects: readonly Mapping[]): Promise<Violation[]> {
    const documents = { 'policies.yaml': rules, 'objects.yaml': objects };
    const { stdout, stderr } = await withFiles(documents, context, (folder) => {
      const files = Object.keys(documents).map((name) => `--filename=${path.join(folder, name)}`);
      return answerOf(program, ['test', ...files, '--output=json'], context);
    });
    // With an error stdout is empty, and the code the same as with a violation.
    if (stdout.trim() === '') throw new EngineFailure(`gator gave no answer: ${firstLine(stderr, 500)}`);
    const violations = violationsIn(stdout);
    if (violations === undefined) throw new EngineFailure('gator printed an answer that cannot be read.');
    return violations;
  }
}

/** The verdicts on all that matched. What was only there for the test, as a namespace may be, is left out. */
function verdictsOf(
  { matches, violations }: { readonly matches: readonly Violation[]; readonly violations: readonly Violation[] },
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
): Verdict[] {
  const byName = new Map(policies.map((policy) => [policyName(policy), policy]));
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  const pairs = new Map<string, Pair>();
  const pairOf = ({ kind, object }: Violation, constraint: string): Pair => {
    const name = `${kind} ${constraint} ${keyOf(object)}`;
    const policy = byName.get(`${kind} ${constraint}`);
    if (policy === undefined)
      throw new EngineFailure(`gator told of ${kind} ${constraint}, which it was not asked about.`);
    const pair = pairs.get(name) ?? { policy, object: byKey.get(keyOf(object)), isMatched: false, said: [] };
    pairs.set(name, pair);
    return pair;
  };
  for (const match of matches) {
    const { constraint, isWhole } = scopeNamed(match.constraint);
    const pair = pairOf(match, constraint);
    pair.isMatched ||= !isWhole;
    if (!match.isFound) pair.said.push(match);
  }
  for (const violation of violations) pairOf(violation, violation.constraint).said.push(violation);
  return [...pairs.values()].flatMap(verdictOn);
}

/** A constraint and an object that it is about. */
interface Pair {
  readonly policy: Policy;
  readonly object: ManifestObject | undefined;
  /** False where only the exclusion of its namespace keeps the constraint from it. */
  isMatched: boolean;
  readonly said: Violation[];
}

function verdictOn({ policy, object, isMatched, said }: Pair): Verdict[] {
  if (object === undefined) return [];
  if (isForGenerated(policy.document ?? {}) && object.owner === undefined) return [];
  const messages = [...new Set(said.map(({ message }) => message))].slice(0, mostMessages);
  const about = { policy, rule: '', object, path: '', message: messages.join('\n') };
  if (said.some(({ isFound }) => !isFound)) return [{ ...about, result: 'error' }];
  if (said.length > 0) return [{ ...about, result: policy.denies('', object.namespace) ? 'fail' : 'warn' }];
  if (isMatched) return [{ ...about, result: 'pass' }];
  const message = `the constraint excludes the namespace ${object.namespace} (excludedNamespaces)`;
  return [{ ...about, result: 'skip', message }];
}
