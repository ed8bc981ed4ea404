import assert from 'node:assert/strict';
import { type Case, holds } from './cases.ts';
import { deployment, diagnosisOf, objectOf, pod, type Sample, type SampleEvent } from './sample-view.ts';

/** kubernetes, pkg/controller/controller_utils.go: what makes the pods says why it could not. */
const refusedEvent = (message: string): SampleEvent => ({
  reason: 'FailedCreate',
  message: `Error creating: ${message}`,
});
const refused = (message: string): Sample => deployment([], { setEvents: [refusedEvent(message)] });

/** kubernetes, plugin/pkg/admission/resourcequota/controller.go. */
const overQuota =
  'pods "shop-6d4-abcde" is forbidden: exceeded quota: team-web, requested: limits.cpu=2,requests.cpu=1, used: limits.cpu=3,requests.cpu=2, limited: limits.cpu=4,requests.cpu=2';
/** kubernetes, staging/src/k8s.io/pod-security-admission/admission/admission.go. */
const insecure =
  'pods "shop-6d4-abcde" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true)';
/** learn.microsoft.com, "Use deployment safeguards": a message of Azure Policy for AKS with several denials. */
const denied = [
  'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-k8sazurev2noprivilege-e12c4338d05b4acd7981] Privileged container is not allowed: web, securityContext: {"privileged": true}',
  '[azurepolicy-k8sazurev2containerallowedimag-1ff6d14b2f8da22019d7] Container image docker.io/shop for container web has not been allowed.',
  '[azurepolicy-k8sazurev2containerenforceprob-0e8a839bcd103e7b96a8] Container <web> in your Pod <shop> has no <livenessProbe>. Required probes: ["readinessProbe", "livenessProbe"]',
].join('\n');
/** kyverno, pkg/webhooks/utils/block.go. */
const kyvernoRefusal = `admission webhook "validate.kyverno.svc-fail" denied the request: 

resource Pod/web/shop-6d4-abcde was blocked due to the following policies 

disallow-privileged:
  privileged-containers: 'validation error: Privileged mode is not allowed. rule privileged-containers
    failed at path /spec/containers/0/securityContext/privileged/'
require-labels:
  check-team: 'validation error: label team is required'
`;
const webhook = (how: string): string =>
  `Internal error occurred: failed calling webhook "mutation.azure-workload-identity.io": failed to call webhook: Post "https://azure-wi-webhook-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": ${how}`;

const cases: readonly Case[] = [
  {
    it: 'quota-exceeded',
    samples: [refused(overQuota)],
    cause: 'quota-exceeded',
    says: [/'team-web'/, /requests\.cpu=1/, /spec\.hard/],
    canMend: false,
  },
  {
    it: 'quota-exceeded for the additional pod alone',
    samples: [deployment([], { setEvents: [refusedEvent(overQuota)], old: [pod({ name: 'shop-old-1' })] })],
    cause: 'quota-exceeded',
    says: [/maxSurge to 0/],
    canMend: false,
  },
  {
    it: 'quota-exceeded that an old pod is making room for',
    samples: [
      deployment([], {
        setEvents: [refusedEvent(overQuota)],
        old: [pod({ name: 'shop-old-1', metadata: { deletionTimestamp: '2026-11-27T10:01:00Z' } })],
      }),
    ],
    cause: 'quota-exceeded',
    canMend: true,
  },
  {
    it: 'quota-exceeded that was told a moment ago, when what is used may not be counted yet',
    samples: [deployment([], { setEvents: [refusedEvent(overQuota)] })],
    after: 30,
    cause: 'quota-exceeded',
    canMend: true,
  },
  {
    it: 'quota-exceeded that another workload of the release makes room for when it is done',
    samples: [
      deployment([], { setEvents: [refusedEvent(overQuota)], old: [pod({ name: 'shop-old-1' })] }),
      deployment([pod({ name: 'api-1' })], { name: 'api' }),
    ].map((sample) => ({ ...sample, object: { ...sample.object, apiVersion: 'apps/v1' } })),
    cause: 'quota-exceeded',
    canMend: true,
  },
  {
    it: 'quota-exceeded for what is not said',
    samples: [
      refused(
        'pods "shop-6d4-abcde" is forbidden: failed quota: team-web: must specify limits.cpu for: web; requests.cpu for: web',
      ),
    ],
    cause: 'quota-exceeded',
    says: [/limits\.cpu for: web/, /LimitRange/],
  },
  {
    it: 'none for a quota that had room again',
    samples: [deployment([pod({ status: { phase: 'Pending' } })], { setEvents: [refusedEvent(overQuota)] })],
    cause: undefined,
  },
  {
    it: 'limit-range',
    samples: [
      refused('pods "shop-6d4-abcde" is forbidden: maximum memory usage per Container is 512Mi, but limit is 2Gi'),
    ],
    cause: 'limit-range',
    says: [/maximum of memory per Container is 512Mi, but the limit is 2Gi/],
    canMend: false,
  },
  {
    it: 'limit-range of a ratio',
    samples: [
      refused(
        'pods "shop-6d4-abcde" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000',
      ),
    ],
    cause: 'limit-range',
    says: [/the limit of cpu may be at most 2 times its request/],
  },
  {
    it: 'limit-range of the least',
    samples: [
      refused('pods "shop-6d4-abcde" is forbidden: minimum cpu usage per Container is 100m, but request is 10m'),
    ],
    cause: 'limit-range',
  },
  {
    it: 'pod-security with the fields',
    samples: [refused(insecure)],
    cause: 'pod-security',
    says: [
      /'restricted:latest' of namespace 'web'/,
      /Set securityContext\.allowPrivilegeEscalation=false, securityContext\.runAsNonRoot=true/,
    ],
    canMend: false,
  },
  {
    it: 'none where helm was only warned',
    samples: [deployment([pod()])],
    said: 'W1127 10:00:01.0 warnings.go:70] would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false)',
    cause: undefined,
  },
  {
    it: 'azure-policy with the policy and the fields',
    samples: [refused(denied)],
    cause: 'azure-policy',
    says: [
      /'k8sazurev2noprivilege'/,
      /the pods of Deployment 'shop'/,
      /securityContext\.privileged: false; image\.repository/,
      /az policy exemption create/,
      /and 2 more/,
    ],
    canMend: false,
  },
  {
    it: 'azure-policy in the words of helm',
    said: `Error: UPGRADE FAILED: failed to create resource: ${denied}`,
    cause: 'azure-policy',
    says: [/an object of release 'shop'/, /and 2 more/],
  },
  {
    it: 'azure-policy in the words of an older Gatekeeper',
    samples: [
      refused(
        'admission webhook "validation.gatekeeper.sh" denied the request: [denied by azurepolicy-container-limits-353b10954438e990aba4] container <web> has no resource limits',
      ),
    ],
    cause: 'azure-policy',
    says: [/resources\.limits/],
  },
  {
    it: 'none where the policy only audits',
    samples: [deployment([pod()])],
    said: 'W1127 10:00:01.0 warnings.go:70] [azurepolicy-k8sazurev3containerlimits-a8754961dbd4c1d8b49d] container <web> has no resource limits',
    cause: undefined,
  },
  {
    it: 'admission-policy with policy, binding and field',
    said: "Error: UPGRADE FAILED: failed to create resource: deployments.apps \"shop\" is forbidden: ValidatingAdmissionPolicy 'few-replicas' with binding 'few-replicas-web' denied request: failed expression: object.spec.replicas <= 5",
    cause: 'admission-policy',
    says: [/'few-replicas' \(binding 'few-replicas-web'\) refuses Deployment 'shop'/, /Change spec\.replicas/],
    canMend: false,
  },
  {
    it: 'admission-policy of another engine',
    samples: [
      refused(
        'admission webhook "validate.kyverno.svc-fail" denied the request: policy Pod/web/shop for resource violation: require-labels: label team is required',
      ),
    ],
    cause: 'admission-policy',
    says: [/'validate\.kyverno\.svc-fail'/],
  },
  {
    it: 'kyverno-policy with the policies of one refusal',
    samples: [refused(kyvernoRefusal)],
    cause: 'kyverno-policy',
    says: [
      /policy 'disallow-privileged' refuses the pods of Deployment 'shop': .*Privileged mode is not allowed.* \(and 1 more\)/,
      /owner of 'disallow-privileged', 'require-labels' for a PolicyException\. PolicyCheck@1 \(engine: kyverno\)/,
    ],
    canMend: false,
  },
  {
    it: 'kyverno-policy of the newer kind',
    samples: [
      refused(
        'admission webhook "vpol.validate.kyverno.svc-fail" denied the request: Policy no-privileged failed: spec.containers[0].securityContext.privileged must be false; Policy drop-all failed: capabilities must be dropped',
      ),
    ],
    cause: 'kyverno-policy',
    says: [/policy 'no-privileged' refuses/, /Change spec\.containers/, /'no-privileged', 'drop-all'/],
    canMend: false,
  },
  {
    it: 'webhook-down of workload identity',
    samples: [refused(webhook('no endpoints available for service "azure-wi-webhook-webhook-service"'))],
    cause: 'webhook-down',
    says: [/azure-wi-webhook-controller-manager in namespace 'kube-system'/, /not the chart's fault/],
    canMend: true,
  },
  {
    it: 'webhook-down in the words of helm, which is no outage',
    said: `Error: INSTALLATION FAILED: ${webhook('dial tcp 10.0.0.9:443: connect: connection refused')}`,
    cause: 'webhook-down',
  },
  {
    it: 'webhook-certificate that has expired',
    samples: [
      refused(
        webhook(
          'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-27T10:00:00Z is after 2026-11-01T00:00:00Z',
        ),
      ),
    ],
    cause: 'webhook-certificate',
    says: [/Renew/, /clocks/],
  },
  {
    it: 'webhook-certificate of a stranger',
    samples: [refused(webhook('x509: certificate signed by unknown authority'))],
    cause: 'webhook-certificate',
    says: [/caBundle/],
  },
];

describe('pods or objects that are refused have the cause', () => {
  holds(cases);

  it('which shows for StatefulSets, DaemonSets and Jobs, too', () => {
    for (const kind of ['StatefulSet', 'DaemonSet', 'Job']) {
      const object = objectOf(kind, 'shop', { spec: { replicas: 1 }, status: { desiredNumberScheduled: 1 } });
      const { findings } = diagnosisOf([{ object, events: [refusedEvent(insecure)] }]);
      assert.deepEqual(
        findings.map(({ cause, owner }) => [cause, owner.kind]),
        [['pod-security', kind]],
      );
    }
  });

  it('with each denial of a policy as evidence of its own', () => {
    const [finding] = diagnosisOf([refused(denied)]).findings;
    const said = finding?.evidence.map((each) => each.said) ?? [];
    for (const part of denied.split('\n').slice(1)) assert.ok(said.includes(part), part);
  });
});
