import { type Case, holds } from './cases.ts';
import { at, deployment, objectOf, pod, type Sample, waiting, web } from './sample-view.ts';

const service = (
  spec: object,
  { events = [], endpoints = [] }: { events?: Sample['events']; endpoints?: object[] } = {},
): Sample => ({
  object: objectOf('Service', 'shop', { spec }),
  events: events ?? [],
  children: [{ object: objectOf('EndpointSlice', 'shop-x1', { endpoints }) }],
});

/** kubernetes-sigs/cloud-provider-azure, by its service controller's event. */
const unbalanced = (how: string): Sample =>
  service(
    { type: 'LoadBalancer' },
    {
      endpoints: [{}],
      events: [
        {
          reason: 'SyncLoadBalancerFailed',
          message: `Error syncing load balancer: failed to ensure load balancer: ${how}`,
        },
      ],
    },
  );
const refusedAction = `Retriable: false, RetryAfter: 0s, HTTPStatusCode: 403, RawError: {"error":{"code":"LinkedAuthorizationFailed","message":"The client '1111' with object id '1111' has permission to perform action 'Microsoft.Network/loadBalancers/write' on scope '/subscriptions/1/loadBalancers/kubernetes'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '/subscriptions/1/virtualNetworks/contoso/subnets/aks' (respectively) or the linked scope(s) are invalid."}}`;

const scaler = (reason: string, message: string, seconds: number): Sample => ({
  object: objectOf('HorizontalPodAutoscaler', 'shop', {
    status: {
      conditions: [{ type: 'ScalingActive', status: 'False', reason, message, lastTransitionTime: at(seconds) }],
    },
  }),
});
const noMetrics =
  'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API';
const labelled = { template: { metadata: { labels: { app: 'shop' } } } };

const cases: readonly Case[] = [
  {
    it: 'load-balancer with the action and the scope that are refused',
    samples: [unbalanced(refusedAction)],
    cause: 'load-balancer',
    says: [
      /'Microsoft\.Network\/virtualNetworks\/subnets\/join\/action'/,
      /'Network Contributor' on '\/subscriptions\/1\/virtualNetworks\/contoso\/subnets\/aks'/,
    ],
  },
  {
    it: 'load-balancer for a quota of Azure',
    samples: [
      unbalanced(
        '{"error":{"code":"PublicIPCountLimitReached","message":"Cannot create more than 20 public IP addresses"}}',
      ),
    ],
    cause: 'load-balancer',
    says: [/no public address left/],
  },
  {
    it: 'load-balancer in other words',
    samples: [unbalanced('the load balancer address 10.0.0.5 is in use')],
    cause: 'load-balancer',
    says: [/10\.0\.0\.5 is in use/],
  },
  {
    it: 'load-balancer that nobody speaks of, once the time is up',
    samples: [service({ type: 'LoadBalancer' }, { endpoints: [{}] })],
    said: 'Error: UPGRADE FAILED: timed out waiting for the condition',
    cause: 'load-balancer',
    says: [/has no address yet, and no event of it says why/, /loadBalancerClass/],
    canMend: true,
  },
  {
    it: 'none for a load balancer that waits for its address',
    samples: [service({ type: 'LoadBalancer' }, { endpoints: [{}] })],
    cause: undefined,
  },
  {
    it: 'service-selects-nothing, though it has no address either',
    samples: [service({ type: 'LoadBalancer', selector: { app: 'shpo' } })],
    said: 'Error: UPGRADE FAILED: timed out waiting for the condition',
    cause: 'service-selects-nothing',
  },
  {
    it: 'none for a load balancer that has its address by now',
    samples: [
      {
        ...unbalanced(refusedAction),
        object: objectOf('Service', 'shop', {
          spec: { type: 'LoadBalancer' },
          status: { loadBalancer: { ingress: [{ ip: '20.50.60.70' }] } },
        }),
      },
    ],
    cause: undefined,
  },
  {
    it: 'autoscaler without requests',
    samples: [
      scaler(
        'FailedGetResourceMetric',
        'the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container web of Pod shop-6d4',
        5,
      ),
    ],
    cause: 'autoscaler',
    says: [/resources\.requests/],
  },
  {
    it: 'autoscaler with two for the same pods',
    samples: [
      scaler('AmbiguousSelector', 'pods by selector app=shop are controlled by multiple HPAs: [web/a web/b]', 5),
    ],
    cause: 'autoscaler',
    says: [/alone/],
  },
  {
    it: 'none while metrics are still to come',
    samples: [scaler('FailedGetResourceMetric', noMetrics, 5)],
    cause: undefined,
  },
  {
    it: 'autoscaler when metrics never come',
    samples: [scaler('FailedGetResourceMetric', noMetrics, 5)],
    after: 400,
    cause: 'autoscaler',
    says: [/metrics-server/],
  },
  {
    it: 'service-selects-nothing',
    samples: [
      service({ selector: { app: 'shpo' } }),
      deployment([], { spec: labelled, status: { updatedReplicas: 1, availableReplicas: 1, unavailableReplicas: 0 } }),
    ],
    cause: 'service-selects-nothing',
    says: [/app=shpo/],
  },
  {
    it: 'what keeps the pods back, not the Service that would have them',
    samples: [
      service({ selector: { app: 'shop' } }),
      deployment([pod({ status: web(waiting('InvalidImageName')) })], { spec: labelled }),
    ],
    cause: 'image-name-invalid',
  },
  {
    it: 'none for a Service with pods that are not ready',
    samples: [service({ selector: { app: 'other' } }, { endpoints: [{ conditions: { ready: false } }] })],
    cause: undefined,
  },
  {
    it: 'none for a headless Service',
    samples: [service({ selector: { app: 'none' }, clusterIP: 'None' })],
    cause: undefined,
  },
  {
    it: 'none for an alias',
    samples: [service({ selector: { app: 'none' }, type: 'ExternalName' })],
    cause: undefined,
  },
  { it: 'none for a Service without a selector', samples: [service({})], cause: undefined },
];

describe('what is between pods and their users has the cause', () => {
  holds(cases);
});
