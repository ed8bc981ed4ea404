import { isMapping } from '../../go/mapping.ts';
import { field, list, text } from '../../watching/fields.ts';
import type { SeenObject } from '../../watching/view.ts';
import { quoted, told } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { isScalingUp, noNodeFor, schedulerSays, unschedulable } from './unschedulable.ts';

/** Nodes that lack something else have no taint in the way: taints are looked at before (kubernetes, pkg/scheduler/apis/config). */
const otherwiseFit =
  /Insufficient |Too many pods|volume node affinity|volume zone|max volume count|free ports|didn't match pod /;
const isSelected = /didn't match Pod's node affinity\/selector/;

/** Whether it is the tainted nodes that have the labels which a pod wants: those without a taint were said not to have them. */
function isTaintedAsWanted({ signal, view }: Found): boolean {
  const selector = field(signal.object?.['spec'], 'nodeSelector');
  const wanted = isMapping(selector) ? Object.entries(selector) : [];
  const fits = (node: SeenObject): boolean => wanted.every(([name, value]) => node.metadata.labels?.[name] === value);
  return wanted.length > 0 && (view.nodes ?? []).some(fits);
}

export const untoleratedTaint: Cause = {
  id: 'untolerated-taint',
  rank: 'scheduling',
  evidence:
    '`untolerated taint` in the condition PodScheduled or in an event FailedScheduling; the taint is read from the nodes',
  remedy: 'A node pool of mode User, or `tolerations` in the pod template',
  marks: unschedulable(
    /untolerated taint(?:\(s\)|s)?(?: \{(?<named>[^}]{1,300})\})?|had taint \{(?<old>[^}]{1,300})\}/,
  ),
  applies: (found) =>
    !otherwiseFit.test(found.signal.text) && (!isSelected.test(found.signal.text) || isTaintedAsWanted(found)),
  holds: isScalingUp,
  what: (found) =>
    `${noNodeFor(found)}: the nodes have a taint that the pod does not tolerate (${taintsOf(found) || schedulerSays(found)}).`,
  fix: (found) =>
    isTaintedAsWanted(found)
      ? "Only these nodes have the labels of its nodeSelector: correct nodeSelector in the chart's values, or add the taint to tolerations if the pods are to run there."
      : /CriticalAddonsOnly/.test(taintsOf(found) + found.signal.text)
        ? 'These are nodes of a system pool; add a pool for applications (az aks nodepool add --mode User).'
        : /node\.kubernetes\.io\//.test(taintsOf(found))
          ? 'Kubernetes itself put this taint on nodes that are not as they should be: look at them, and bring them back or replace them.'
          : "Add the taint to tolerations in the chart's values if the pods are to run there, or add a node pool without it (az aks nodepool add --mode User).",
  command: () => "kubectl get nodes --output custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
  canMend: true,
};

/** The taints that keep the pod away: as the scheduler names them, else (from Kubernetes 1.35 on) those of the nodes. */
function taintsOf({ groups, signal, view }: Found): string {
  const named = groups['named'] || groups['old'];
  if (named) return told(named.replace(': ', '=').replace(/=$/, ''), 200);
  const tolerations = list(field(signal.object?.['spec'], 'tolerations'));
  const taints = (view.nodes ?? []).flatMap((node) => list(field(node['spec'], 'taints')));
  const kept = taints.filter((each) => field(each, 'effect') !== 'PreferNoSchedule' && !isTolerated(each, tolerations));
  return [...new Set(kept.map(shownTaint))].slice(0, 5).join(', ');
}

function isTolerated(each: unknown, tolerations: readonly unknown[]): boolean {
  return tolerations.some((toleration) => {
    const [key, effect] = [text(field(toleration, 'key')), text(field(toleration, 'effect'))];
    const isKey = key === '' ? field(toleration, 'operator') === 'Exists' : key === field(each, 'key');
    const isValue =
      field(toleration, 'operator') === 'Exists' || text(field(toleration, 'value')) === text(field(each, 'value'));
    return isKey && isValue && (effect === '' || effect === field(each, 'effect'));
  });
}

function shownTaint(each: unknown): string {
  const value = text(field(each, 'value'));
  return told(`${text(field(each, 'key'))}${value === '' ? '' : `=${value}`}:${text(field(each, 'effect'))}`, 200);
}

export const noMatchingNode: Cause = {
  id: 'no-matching-node',
  rank: 'scheduling',
  evidence: "`didn't match Pod's node affinity/selector` in the condition PodScheduled or in an event FailedScheduling",
  remedy: 'Correct `nodeSelector` or `affinity`, or label a node pool so',
  marks: unschedulable(
    /didn't match (?<what>Pod's node affinity\/selector|node selector|pod (?:anti-)?affinity rules|pod topology spread constraints[^,.]{0,60})/,
  ),
  applies: ({ signal }) => !/volume node affinity|volume zone/.test(signal.text),
  holds: isScalingUp,
  what: (found) => {
    if (isAboutPods(found)) return `${noNodeFor(found)}: none fits its ${told(found.groups['what'] ?? '', 100)}.`;
    const wanted = selectorOf(found.signal.object);
    return `${noNodeFor(found)}: none has the labels that it wants${wanted === '' ? '' : ` (${wanted})`}${missingLabel(found)}.`;
  },
  fix: (found) => {
    if (isAboutPods(found)) return "Loosen affinity or topologySpreadConstraints in the chart's values, or add nodes.";
    if (/kubernetes\.io\/os=windows/.test(selectorOf(found.signal.object))) {
      return 'Add a node pool with Windows (az aks nodepool add --os-type Windows), or correct nodeSelector kubernetes.io/os.';
    }
    return "Correct nodeSelector or affinity.nodeAffinity in the chart's values, or label a node pool so (az aks nodepool update --labels).";
  },
  command: () => 'kubectl get nodes --show-labels',
  canMend: true,
};

const isAboutPods = ({ groups }: Found): boolean => /^pod (?:anti-|affinity|topology)/.test(groups['what'] ?? '');

/** What a pod wants of its node: its selector, else the first terms of its affinity. */
function selectorOf(pod: SeenObject | undefined): string {
  const selector = field(pod?.['spec'], 'nodeSelector');
  const pairs = isMapping(selector) ? Object.entries(selector).map(([name, value]) => `${name}=${text(value)}`) : [];
  return told([...pairs, ...affinityOf(pod)].slice(0, 6).join(', '), 400);
}

function affinityOf(pod: SeenObject | undefined): string[] {
  const required = field(pod?.['spec'], 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  const terms = list(field(required, 'nodeSelectorTerms'));
  return terms
    .flatMap((term) => list(field(term, 'matchExpressions')))
    .map((each) =>
      `${text(field(each, 'key'))} ${text(field(each, 'operator'))} ${list(field(each, 'values')).map(text).join('|')}`.trim(),
    );
}

/** The label of the selector that no node has. */
function missingLabel({ signal, view }: Found): string {
  const selector = field(signal.object?.['spec'], 'nodeSelector');
  if (!isMapping(selector) || Object.keys(selector).length < 2 || view.nodes === undefined) return '';
  const { nodes: all } = view;
  const missing = Object.entries(selector).find(
    ([name, value]) => !all.some((node) => node.metadata.labels?.[name] === value),
  );
  return missing === undefined ? '' : `; no node has ${quoted(`${missing[0]}=${text(missing[1])}`)}`;
}
