import path from 'node:path';
import { answerOf, type Engine, type EngineContext, EngineFailure, withFiles } from '../engine.ts';
import { labelsFor, type NamespaceLabels } from '../namespaces.ts';
import type { ManifestObject, Mapping } from '../objects.ts';
import { withPods } from '../pods.ts';
import type { Findings, Policy, PolicySet } from '../policies.ts';
import { errorIn, unreadFiles } from './complaints.ts';
import { type Concern, concerns, isOfCel } from './concern.ts';
import { definitionsFor } from './definitions.ts';
import { findingsIn } from './findings.ts';
import { newVerdicts, podsLeft } from './pod-rules.ts';
import { reportIn } from './report.ts';

interface Kyverno {
  readonly program: string;
  readonly exceptions: readonly Mapping[];
  /** All that are judged together. */
  readonly objects: readonly ManifestObject[];
  /** Of all namespaces that objects are in. */
  readonly labels: NamespaceLabels;
  readonly context: EngineContext;
}

/**
 * Kyverno's own program as an engine. Policies of Kyverno about pods are mostly about workloads, too; those of
 * Kubernetes are not, so these get the pods of the workloads as well.
 * @param program its path
 */
export function kyverno(
  program: string,
  { companions }: PolicySet,
  labels: NamespaceLabels,
  context: EngineContext,
): Engine {
  return async (policies, objects) => {
    const engine = { program, exceptions: companions, objects, labels: labelsFor(objects, labels), context };
    const ofKubernetes = policies.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
    const own = policies.filter((policy) => !ofKubernetes.includes(policy));
    const judged = await applyAll(engine, [...concerns(own, objects), ...concerns(ofKubernetes, withPods(objects))]);
    const left = podsLeft(own, objects, judged.verdicts);
    if (left.pods.length === 0) return judged;
    const ofPods = await applyAll(engine, concerns(left.policies, left.pods));
    return {
      verdicts: [...judged.verdicts, ...newVerdicts(ofPods.verdicts, judged.verdicts)],
      faults: new Map([...judged.faults, ...ofPods.faults]),
    };
  };
}

async function applyAll(engine: Kyverno, concerned: readonly Concern[]): Promise<Findings> {
  const findings: Findings[] = [];
  for (const { policies, objects } of concerned) findings.push(await apply(engine, policies, objects));
  return {
    verdicts: findings.flatMap(({ verdicts }) => verdicts),
    faults: new Map(findings.flatMap(({ faults }) => [...faults])),
  };
}

async function apply(
  engine: Kyverno,
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
): Promise<Findings> {
  const { program, exceptions, context } = engine;
  const celPolicies = policies.filter(({ kind }) => isOfCel(kind));
  const definitions = celPolicies.length > 0 ? definitionsFor(objects, celPolicies, engine.objects) : [];
  const files = { ...filesOf(engine, policies, objects), 'definitions.yaml': definitions };
  const given = { exceptions: exceptions.length > 0, definitions: definitions.length > 0 };
  const answer = await withFiles(files, context, (folder) =>
    answerOf(program, argumentsFor(folder, policies.length, given), context),
  );
  const report = reportIn(answer.stdout);
  if (report === undefined) throw new EngineFailure('kyverno printed a report that cannot be read.');
  // An error stands on stderr, without any report.
  if (answer.exitCode !== 0 && !report.isThere && report.skipped.size === 0) {
    throw new EngineFailure(`kyverno gave no answer: ${errorIn(answer.stderr) || 'it said nothing of why'}`);
  }
  const { verdicts, faults } = findingsIn(report, policies, objects);
  const unread = unreadFiles(answer.stderr);
  const passedOver = policies.flatMap((policy, index): [Policy, string][] => {
    const reason = unread.get(policyFile(index));
    return reason === undefined ? [] : [[policy, reason]];
  });
  return { verdicts, faults: new Map([...passedOver, ...faults]) };
}

function filesOf(
  { exceptions, labels }: Kyverno,
  policies: readonly Policy[],
  objects: readonly ManifestObject[],
): Record<string, readonly Mapping[]> {
  // A file each: kyverno passes over a whole file where it cannot read one document of it.
  const files = policies.map(({ document, bindings = [] }, index): [string, readonly Mapping[]] => [
    policyFile(index),
    document === undefined ? [] : [document, ...bindings],
  ]);
  return {
    ...Object.fromEntries(files),
    'resources.yaml': objects.map(({ value }) => value),
    'values.yaml': [valuesOf(labels)],
    'exceptions.yaml': exceptions,
  };
}

const policyFile = (index: number): string => `policy-${index}.yaml`;

function argumentsFor(
  folder: string,
  count: number,
  given: Readonly<Record<'exceptions' | 'definitions', boolean>>,
): string[] {
  const file = (name: string): string => path.join(folder, name);
  return [
    'apply',
    ...Array.from({ length: count }, (_each, index) => file(policyFile(index))),
    `--resource=${file('resources.yaml')}`,
    `--values-file=${file('values.yaml')}`,
    ...(given.exceptions ? [`--exception=${file('exceptions.yaml')}`] : []),
    ...(given.definitions ? [`--crd-paths=${file('definitions.yaml')}`] : []),
    '--policy-report',
    '--output-format=json',
    '--remove-color',
    // So it tells which files it passes over.
    '--v=3',
  ];
}

/** By Kyverno's own form, in which namespaces without an entry have no labels (cli.kyverno.io). */
function valuesOf(labels: NamespaceLabels): Mapping {
  return {
    apiVersion: 'cli.kyverno.io/v1alpha1',
    kind: 'Values',
    metadata: { name: 'values' },
    namespaceSelector: [...labels].map(([name, given]) => ({ name, labels: { ...given } })),
  };
}
