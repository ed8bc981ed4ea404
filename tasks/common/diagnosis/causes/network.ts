import { isMapping } from '../../go/mapping.ts';
import { field, text } from '../../watching/fields.ts';
import { called, describe, kubectl, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';

const autoscaler: Cause = {
  id: 'autoscaler',
  rank: 'network',
  evidence: 'A HorizontalPodAutoscaler that is refused for its bounds, or whose condition ScalingActive is False',
  remedy: '`minReplicas` not above `maxReplicas`; CPU requests for its pods; one autoscaler for a workload',
  marks: [
    {
      sources: ['helm'],
      pattern: /(?<field>maxReplicas): Invalid value: (?<max>\d{1,10}): must be greater than or equal to .?minReplicas/,
      rank: 'apply',
    },
    {
      sources: ['condition'],
      reasons: [
        'AmbiguousSelector',
        'FailedGetScale',
        'InvalidSelector',
        'SelectorRequired',
        'InvalidMetricSourceType',
      ],
    },
    { sources: ['condition'], reasons: ['FailedGetResourceMetric', 'FailedGetContainerResourceMetric'] },
  ],
  // Metrics come a minute or two after the pods (metrics-server, 15 s a scrape, two of them).
  holds: ({ signal, now }) =>
    signal.reason.endsWith('ResourceMetric') &&
    !isWithoutRequest.test(signal.text) &&
    now.getTime() - (signal.at?.getTime() ?? now.getTime()) < 180_000,
  what: (found) =>
    found.groups['max']
      ? `${called(found.owner)} is refused: maxReplicas ${found.groups['max']} is less than its minReplicas.`
      : `${called(found.owner)} cannot scale: ${told(found.signal.text, 300)} (${told(found.signal.reason)}).`,
  fix: ({ groups, signal }) => {
    if (groups['max'])
      return "Set autoscaling.minReplicas and autoscaling.maxReplicas in the chart's values so that the minimum is not above the maximum.";
    if (signal.reason === 'AmbiguousSelector')
      return 'Let one HorizontalPodAutoscaler alone scale these pods: another one selects them, too.';
    if (signal.reason === 'FailedGetScale')
      return 'Correct scaleTargetRef: the workload that it names is not there, or cannot be scaled.';
    return "Set resources.requests (cpu, memory) for every container of its pods in the chart's values; if they are set, look at metrics-server in kube-system.";
  },
  command: ({ owner }) => describe(owner),
  canMend: ({ groups }) => !groups['max'],
};

const isWithoutRequest = /missing request for/;

const loadBalancer: Cause = {
  id: 'load-balancer',
  rank: 'network',
  evidence: 'A Service of type LoadBalancer that has no address, most often with an event SyncLoadBalancerFailed',
  remedy:
    "`Network Contributor` for the cluster's identity on the subnet or the address, or Azure's quota of addresses",
  marks: [
    {
      sources: ['event'],
      reasons: ['SyncLoadBalancerFailed'],
      pattern: /(?<code>LinkedAuthorizationFailed|AuthorizationFailed)/,
    },
    {
      sources: ['event'],
      reasons: ['SyncLoadBalancerFailed'],
      pattern: /(?<quota>PublicIPCountLimitReached|PublicIpQuotaLimitReached|QuotaExceeded)/,
    },
    { sources: ['event'], reasons: ['SyncLoadBalancerFailed', 'CreatingLoadBalancerFailed'] },
    { sources: ['status'], reasons: ['NoAddress'], rank: 'time-out' },
  ],
  // An address takes a minute or two.
  holds: ({ signal, isOver }) => signal.source === 'status' && !isOver,
  what: (found) => {
    const { code, quota } = found.groups;
    if (code)
      return `${called(found.owner)} gets no address: the cluster's identity may not do ${quoted(actionIn(found))} (${code}).`;
    if (quota)
      return `${called(found.owner)} gets no address: the subscription has no public address left in this region (${quota}).`;
    if (found.signal.source === 'status')
      return `${called(found.owner)} of type LoadBalancer has no address yet, and no event of it says why.`;
    return `${called(found.owner)} gets no address: ${told(found.signal.text)}.`;
  },
  fix: (found) => {
    const { code, quota } = found.groups;
    const scope = /(?:linked scope\(s\)|over scope) '(?<scope>[^']{1,400})'/.exec(found.signal.text)?.groups?.['scope'];
    if (code)
      return `Give the cluster's identity the role 'Network Contributor' on ${scope === undefined ? 'the virtual network' : quoted(scope, 400)} (az role assignment create).`;
    if (quota)
      return 'Ask for more addresses (Azure portal, Quotas, Microsoft.Network), remove unused ones, or make the Service internal (annotation service.beta.kubernetes.io/azure-load-balancer-internal).';
    if (found.signal.source === 'status')
      return 'Give it more time (timeout), make it internal (service.beta.kubernetes.io/azure-load-balancer-internal) or of type ClusterIP, or deploy with waitStrategy: watcher, which does not wait for addresses (Helm 4). Something must make load balancers for its loadBalancerClass in this cluster.';
    return "Check the Service's annotations service.beta.kubernetes.io/azure-* and its loadBalancerIP.";
  },
  command: ({ groups, owner }) =>
    groups['code'] ? 'az aks show --name <cluster> --resource-group <group> --query identity' : describe(owner),
  canMend: true,
};

/** The action of Azure that is refused: the one behind "does not have permission" where there are two. */
function actionIn({ signal }: Found): string {
  const refused =
    /does not have (?:permission|authorization) to perform action(?:\(s\))? '(?<action>[^']{1,200})'/.exec(signal.text);
  return refused?.groups?.['action'] ?? 'Microsoft.Network';
}

const selectsNothing: Cause = {
  id: 'service-selects-nothing',
  rank: 'network',
  evidence:
    'EndpointSlices of a Service that hold no pod, while no workload of the release makes pods with such labels',
  remedy: "The Service's selector",
  marks: [{ sources: ['status'], reasons: ['NoEndpoints'] }],
  what: (found) =>
    `${called(found.owner)} leads nowhere: no pod has the labels of its selector (${selectorOf(found)}).`,
  fix: (found) =>
    `Make spec.selector of the Service ${quoted(found.owner.name)} equal to the labels of the pods (spec.template.metadata.labels of the workload).`,
  command: ({ owner }) =>
    `${kubectl('get', owner)} --output jsonpath='{.spec.selector}'; kubectl get pods --show-labels --namespace ${word(owner.namespace, 'namespace')}`,
  canMend: true,
};

function selectorOf({ signal }: Found): string {
  const selector = field(signal.object?.['spec'], 'selector');
  return told(
    isMapping(selector)
      ? Object.entries(selector)
          .map(([name, value]) => `${name}=${text(value)}`)
          .join(', ')
      : '',
    300,
  );
}

/** What is between the pods and those who use them. */
export const networkCauses: readonly Cause[] = [loadBalancer, autoscaler, selectsNothing];
