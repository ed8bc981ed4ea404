import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { behaviourAnnotation } from '../azure/index.ts';
import { filesBelow, type Scenario } from './scenario.ts';

/** One run of a scenario. */
export interface PlayedIn {
  readonly scenario: Scenario;
  /** Its own on the cluster. */
  readonly namespace: string;
}

interface Stage {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly resourceRef: { readonly kind: string };
    readonly selector?: Readonly<Record<string, unknown>> & { readonly matchExpressions?: readonly object[] };
  };
}

/**
 * What kwok reads for a run: the scenario's stages, each for this namespace alone and of pods for those alone that are
 * played (by their annotation), and what its containers print (`logs/<container>.log`, `logs/<container>.previous.log`).
 */
export function playedFiles({ scenario, namespace }: PlayedIn): Record<string, string> {
  const stages = stageFiles(scenario).flatMap((text) =>
    parseAllDocuments(text).map((one) => worded(one.toJS(), wordsOf({ scenario, namespace })) as Stage),
  );
  const logs = Object.entries(filesBelow(path.join(scenario.folder, 'logs')));
  const named = logs.map(
    ([name, text]) => [`${namespace}-${name}`, asPrinted(text.replaceAll('NAMESPACE', namespace))] as const,
  );
  const documents = [
    ...stages.map((stage) => onlyHere(stage, namespace)),
    ...(logs.length > 0 ? [printed(namespace, Object.fromEntries(logs))] : []),
  ];
  return {
    ...Object.fromEntries(named),
    ...(documents.length > 0 && { [`${namespace}.yaml`]: documents.map((one) => stringify(one)).join('---\n') }),
  };
}

function stageFiles({ folder, played }: Scenario): string[] {
  const own = Object.values(filesBelow(path.join(folder, 'stages')));
  if (played?.kubelet === undefined) return own;
  return [readFileSync(path.join(import.meta.dirname, 'kubelet', `${played.kubelet}.yaml`), 'utf8'), ...own];
}

/** A scenario's own words may hold the namespace. */
function wordsOf({ scenario: { played }, namespace }: PlayedIn): Record<string, string> {
  const words = Object.entries({ TEXT: played?.text ?? '', ...played?.words });
  const here = words.map(([name, word]) => [name, word.replaceAll('NAMESPACE', namespace)] as const);
  return { NAMESPACE: namespace, ...Object.fromEntries(here) };
}

/** Puts words for their names; in templates as they stand between double quotes there, since those make YAML. */
function worded(value: unknown, words: Readonly<Record<string, string>>, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => worded(one, words));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, worded(one, words, name)]));
  if (typeof value !== 'string') return value;
  const isTemplate = /template$/i.test(key);
  return value.replace(/\b[A-Z]{4,}\b/g, (name) => {
    const word = words[name];
    if (word === undefined) return name;
    return isTemplate ? JSON.stringify(word).slice(1, -1) : word;
  });
}

function onlyHere(stage: Stage, namespace: string): object {
  const { metadata, spec } = stage;
  const { matchExpressions = [], ...others } = spec.selector ?? {};
  const played = { key: `.metadata.annotations["${behaviourAnnotation}"]`, operator: 'In', values: ['played'] };
  const here = { key: '.metadata.namespace', operator: 'In', values: [namespace] };
  const own = spec.resourceRef.kind === 'Pod' ? [here, played] : [here];
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: `${namespace}-${metadata.name}` },
    // Heavier than the stages of every cluster, which wait where both fit.
    spec: { weight: 1, ...spec, selector: { ...others, matchExpressions: [...own, ...matchExpressions] } },
  };
}

function printed(namespace: string, files: Readonly<Record<string, string>>): object {
  const containers = new Set(Object.keys(files).map((name) => name.replace(/(\.previous)?\.log$/, '')));
  const logs = [...containers].map((container) => ({
    containers: [container],
    logsFile: `${namespace}-${container}.log`,
    ...(`${container}.previous.log` in files && { previousLogsFile: `${namespace}-${container}.previous.log` }),
  }));
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: namespace },
    spec: { selector: { matchNamespaces: [namespace] }, logs },
  };
}

/** Lines as a container runtime keeps them (kubernetes, design-proposals-archive: node/kubelet-cri-logging.md). */
function asPrinted(text: string): string {
  const at = new Date().toISOString();
  return text.replace(/^.*\n/gm, (line) => `${at} stderr F ${line}`);
}
