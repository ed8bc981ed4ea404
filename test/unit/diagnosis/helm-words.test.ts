import assert from 'node:assert/strict';
import { type Case, holds } from './cases.ts';
import { deployment, diagnosisOf, ended, objectOf, pod, waiting, web } from './sample-view.ts';

// What helm 3.17.3, 4.1.4 and 4.3.1 print, recorded on an API server of Kubernetes 1.35 and shortened.

/** An error of the API server as each helm tells it: 3 upgrading and installing, 4.1 and 4.3. */
function toldBy(kind: string, group: string, name: string, error: string): string[] {
  return [
    `Error: UPGRADE FAILED: cannot patch "${name}" with kind ${kind}: ${error}`,
    `Error: 1 error occurred:\n* ${error}`,
    `Error: UPGRADE FAILED: ${error}`,
    `Error: UPGRADE FAILED: server-side apply failed for object web/${name} ${group}, Kind=${kind}: ${error}`,
  ];
}

const each = (title: string, said: readonly string[], rest: Omit<Case, 'it' | 'said'>): Case[] =>
  said.map((words, index) => ({ it: `${title} (${index + 1})`, said: words, ...rest }));

const unmatched = [
  'unable to build kubernetes objects from release manifest: [resource mapping not found for name: "pdb" namespace: "" from "": no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"',
  'ensure CRDs are installed first, resource mapping not found for name: "mon" namespace: "" from "": no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"',
  'ensure CRDs are installed first]',
].join('\n');

const foreign =
  'continue with install: ConfigMap "shop" in namespace "web" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-name" must equal "shop": current value is "fabrikam"';
const handMade =
  'ConfigMap "shop" in namespace "web" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"';

const cases: readonly Case[] = [
  ...each(
    'field-immutable',
    toldBy(
      'Deployment',
      'apps/v1',
      'shop',
      'Deployment.apps "shop" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ),
    {
      cause: 'field-immutable',
      says: [/Deployment 'shop' cannot be changed in place: its spec\.selector/, /nothing here does that by itself/],
    },
  ),
  ...each(
    'field-immutable of a StatefulSet',
    toldBy(
      'StatefulSet',
      'apps/v1',
      'db',
      `StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template' are forbidden`,
    ),
    { cause: 'field-immutable', says: [/StatefulSet 'db'/, /--cascade=orphan/] },
  ),
  ...each(
    'field-immutable behind a long value',
    toldBy(
      'Job',
      'batch/v1',
      'import',
      `Job.batch "import" is invalid: spec.template: Invalid value: {"Spec":"${'x'.repeat(9000)}"}: field is immutable`,
    ),
    {
      cause: 'field-immutable',
      says: [/its spec\.template/],
    },
  ),
  ...each(
    'autoscaler',
    toldBy(
      'HorizontalPodAutoscaler',
      'autoscaling/v2',
      'shop',
      'HorizontalPodAutoscaler.autoscaling "shop" is invalid: spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`',
    ),
    {
      cause: 'autoscaler',
      says: [/maxReplicas 2/],
      canMend: false,
    },
  ),
  {
    it: 'field-conflict with the fields and who has them',
    said: 'Error: UPGRADE FAILED: conflict occurred while applying object web/shop apps/v1, Kind=Deployment: Apply failed with 2 conflicts: conflicts with "kubectl" with subresource "scale" using apps/v1:\n- .spec.replicas\nconflicts with "kubectl-set" using apps/v1:\n- .spec.template.spec.containers[name="web"].image',
    cause: 'field-conflict',
    says: [
      /Deployment 'shop'/,
      /'\.spec\.replicas', '\.spec\.template\.spec\.containers/,
      /'kubectl' and 'kubectl-set'/,
      /forceConflicts: true/,
    ],
  },
  {
    it: 'field-conflict of one field',
    said: 'Error: UPGRADE FAILED: conflict occurred while applying object web/shop v1, Kind=ConfigMap: Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .data.a',
    cause: 'field-conflict',
    says: [/field '\.data\.a' of it belongs to 'kubectl-edit'/],
  },
  ...each('foreign-owner', [`Error: Unable to ${foreign}`, `Error: unable to ${foreign}`], {
    cause: 'foreign-owner',
    says: [/ConfigMap 'shop' is there already and belongs to release 'fabrikam'/, /takeOwnership: true only if/],
  }),
  {
    it: 'foreign-owner of none',
    said: `Error: Unable to continue with update: ${handMade}`,
    cause: 'foreign-owner',
    says: [/belongs to no release of helm/],
  },
  {
    it: 'kind-unknown of a version that was removed',
    said: `Error: ${unmatched}`,
    cause: 'kind-unknown',
    says: [/Kubernetes removed that version: use policy\/v1|Install its CRD first/],
  },
  {
    it: 'removed-api, not kind-unknown',
    said: `Error: UPGRADE FAILED: current release manifest contains removed kubernetes api(s) for this kubernetes version and it is therefore unable to build the kubernetes objects for performing the diff. error from kubernetes: ${unmatched}`,
    cause: 'removed-api',
    says: [/PodDisruptionBudget of 'policy\/v1beta1'/, /helm mapkubeapis shop --namespace web/],
  },
  ...each(
    'deployer-role',
    ['Unable', 'unable'].map(
      (unable) =>
        `Error: ${unable} to continue with install: could not get information about the resource Deployment "shop" in namespace "web": deployments.apps "shop" is forbidden: User "11111111-2222" cannot get resource "deployments" in API group "apps" in the namespace "web": User does not have access to the resource in Azure. Update role assignment to allow access.`,
    ),
    {
      cause: 'deployer-role',
      says: [
        /'11111111-2222' may not get deployments/,
        /'Azure Kubernetes Service RBAC Writer'/,
        /can-i get deployments\.apps/,
      ],
    },
  ),
  {
    it: 'deployer-role that is a sign-in',
    said: 'Error: query: failed to query with labels: secrets is forbidden: User "system:anonymous" cannot list resource "secrets" in API group "" in the namespace "web"',
    cause: 'deployer-role',
    says: [/It is no missing role/],
  },
  {
    it: 'deployer-role for more rights than its own',
    said: 'Error: server-side apply failed for object web/more rbac.authorization.k8s.io/v1, Kind=Role: roles.rbac.authorization.k8s.io "more" is forbidden: user "deployer" (groups=["" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["*"]}',
    cause: 'deployer-role',
    says: [/may not create Role 'more'/, /RBAC Admin/],
  },
  {
    it: 'namespace-terminating',
    said: 'Error: create: failed to create: secrets "sh.helm.release.v1.shop.v1" is forbidden: unable to create new content in namespace web because it is being terminated',
    cause: 'namespace-terminating',
    says: [/namespace 'web'/],
  },
  ...each(
    'release-too-large',
    [
      'Error: create: failed to create: Secret "sh.helm.release.v1.shop.v1" is invalid: data: Too long: may not be more than 1048576 bytes',
      'Error: UPGRADE FAILED: create: failed to create: Secret "sh.helm.release.v1.shop.v2" is invalid: data: Too long: must have at most 1048576 bytes',
      'Error: UPGRADE FAILED: create: failed to create: etcdserver: request is too large',
      'Error: create: failed to create: Request entity too large: limit is 3145728',
    ],
    { cause: 'release-too-large', says: [/\.helmignore/] },
  ),
  ...each(
    'api-outage',
    [
      'Error: Kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused',
      'Error: kubernetes cluster unreachable: Get "https://contoso.hcp.westeurope.azmk8s.io/version": dial tcp: lookup contoso.hcp.westeurope.azmk8s.io: no such host',
      'Error: UPGRADE FAILED: Get "https://contoso.hcp.westeurope.azmk8s.io/api/v1": net/http: TLS handshake timeout',
      'Error: UPGRADE FAILED: the server has received too many requests and has asked us to try again later',
      'Error: UPGRADE FAILED: etcdserver: request timed out',
      'Error: UPGRADE FAILED: an error on the server ("Service Unavailable") has prevented the request from succeeding',
    ],
    { cause: 'api-outage', says: [/says nothing of the application/] },
  ),
  {
    it: 'none for an API server that answers, but has no such resource',
    said: 'Error: UPGRADE FAILED: the server could not find the requested resource',
    cause: undefined,
  },
  { it: 'none for a time that is up', said: 'Error: UPGRADE FAILED: context deadline exceeded', cause: undefined },
  {
    it: 'none for a release that is well',
    said: 'Release "shop" has been upgraded. Happy Helming!\nSTATUS: deployed',
    cause: undefined,
  },
  ...each(
    'hook-failed of a hook that is gone',
    [
      'Error: failed pre-install: 1 error occurred:\n* job migrate failed: BackoffLimitExceeded',
      'Error: UPGRADE FAILED: pre-upgrade hooks failed: job migrate failed: BackoffLimitExceeded',
    ],
    {
      cause: 'hook-failed',
      says: [/Job 'migrate'/],
    },
  ),
];

const hook = { annotations: { 'helm.sh/hook': 'pre-upgrade' } };
const failed = {
  status: {
    conditions: [
      {
        type: 'Failed',
        status: 'True',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      },
    ],
  },
};
const said = 'Error: UPGRADE FAILED: pre-upgrade hooks failed: job migrate failed: BackoffLimitExceeded';

describe('what helm itself is refused has the cause', () => {
  holds(cases);
});

describe('a hook that fails', () => {
  const logs = { a: { previous: false, lines: ['migrating', 'relation "orders" does not exist'] } };
  const status = { phase: 'Failed', containerStatuses: [{ name: 'a', state: ended(2) }] };
  const job = {
    object: objectOf('Job', 'migrate', { metadata: hook, ...failed }),
    children: [pod({ name: 'migrate-1', status, logs })],
  };

  it('is told once, with its last words', () => {
    const { findings } = diagnosisOf([job], said);
    assert.deepEqual(
      findings.map(({ cause, owner }) => [cause, owner.kind]),
      [['hook-failed', 'Job']],
    );
    assert.match(
      findings[0]?.what ?? '',
      /^The pre-upgrade hook Job 'migrate' failed with exit code 2 \(BackoffLimitExceeded\); its last line: 'relation/,
    );
    assert.match(findings[0]?.command ?? '', /kubectl logs job\/migrate /);
  });

  it('has a deeper cause where its pod cannot begin', () => {
    const bare = pod({ name: 'migrate-1', status: web(waiting('InvalidImageName')) });
    const { findings } = diagnosisOf(
      [{ object: objectOf('Job', 'migrate', { metadata: hook }), children: [bare] }],
      'Error: failed pre-install: timed out waiting for the condition',
    );
    assert.deepEqual(
      findings.map(({ cause }) => cause),
      ['image-name-invalid'],
    );
  });

  it('does not take the blame of other pods', () => {
    const other = deployment([
      pod({ status: web(waiting('CrashLoopBackOff'), { restartCount: 5, lastState: ended(1) }) }),
    ]);
    const { findings } = diagnosisOf([job, other], said);
    assert.deepEqual(
      findings.map(({ cause }) => cause),
      ['hook-failed', 'container-crashes'],
    );
  });
});
