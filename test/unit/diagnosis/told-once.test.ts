import assert from 'node:assert/strict';
import { type Case, holds } from './cases.ts';
import { deployment, diagnosisOf, objectOf } from './sample-view.ts';

const unfinished = objectOf('Job', 'migrate', {
  metadata: { annotations: { 'helm.sh/hook': 'pre-install, pre-upgrade' } },
  status: { active: 1 },
});

const cases: readonly Case[] = [
  {
    it: 'removed-api as helm really says it',
    said: 'Error: UPGRADE FAILED: unable to build kubernetes objects from current release manifest: resource mapping not found for name: "pdb" namespace: "" from "": no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"\nensure CRDs are installed first',
    cause: 'removed-api',
    says: [/PodDisruptionBudget of 'policy\/v1beta1'/, /helm mapkubeapis shop/],
  },
  {
    it: 'deployer-role for what belongs to the whole cluster',
    said: 'Error: unable to continue with install: could not get information about the resource ClusterRole "nodes" in namespace "": clusterroles.rbac.authorization.k8s.io "nodes" is forbidden: User "11111111-2222" cannot get resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope',
    cause: 'deployer-role',
    says: [/may not get clusterroles in the whole cluster, as ClusterRole 'nodes' needs/],
  },
  {
    it: 'api-outage for a connection that was cut',
    said: 'Error: UPGRADE FAILED: conflict occurred: Patch "https://contoso.hcp.westeurope.azmk8s.io:443/apis/apps/v1/namespaces/web/deployments/shop?fieldManager=helm": EOF',
    cause: 'api-outage',
    says: [/it cut the connection: EOF/],
  },
  ...[
    'Error: failed pre-install: 1 error occurred:\n\t* timed out waiting for the condition\n\n',
    'Error: failed pre-install: timed out waiting for the condition',
  ].map((said): Case => ({
    it: `hook-failed of the hook that is not done, by helm ${said.includes('occurred') ? 3 : 4}`,
    samples: [{ object: unfinished }],
    said,
    cause: 'hook-failed',
    says: [/^The pre-install hook Job 'migrate' did not end in time\.$/m, /raise input timeout/],
  })),
];

const refused = (pod: string, quota = 'team-shop') =>
  `Error creating: pods "shop-758bd69fd-${pod}" is forbidden: exceeded quota: ${quota}, requested: pods=1, used: pods=2, limited: pods=2`;

function evidenceOf(messages: readonly string[]): readonly string[] {
  const events = messages.map((message) => ({ reason: 'FailedCreate', message }));
  const [set] = deployment([]).children ?? [];
  assert.ok(set !== undefined);
  const sample = { ...deployment([]), children: [{ ...set, events }] };
  return diagnosisOf([sample]).findings[0]?.evidence.map((one) => one.said) ?? [];
}

describe('a diagnosis in the words of real helms', () => holds(cases));

describe('what a diagnosis shows as evidence', () => {
  it('is told once, though a controller tells it of each pod that it tried to make', () => {
    const told = [
      ...['2hwrs', '75mcj'].map((pod) => refused(pod)),
      `(combined from similar events): ${refused('rnk6w')}`,
    ];
    assert.equal(evidenceOf(told).length, 1);
  });

  it('is told each where it differs in more than that', () => {
    assert.equal(evidenceOf([refused('2hwrs'), refused('2hwrs', 'team-all')]).length, 2);
  });

  it('has no line twice that helm 4 logs and prints', () => {
    const error =
      'server-side apply failed for object web/shop apps/v1, Kind=Deployment: etcdserver: request timed out';
    const said = `level=WARN msg="upgrade failed" name=shop error="${error}"\nError: UPGRADE FAILED: ${error}`;
    assert.deepEqual(
      diagnosisOf([], said).findings[0]?.evidence.map((one) => one.said),
      [`Error: UPGRADE FAILED: ${error}`],
    );
  });
});
