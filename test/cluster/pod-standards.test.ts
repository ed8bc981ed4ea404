import assert from 'node:assert/strict';
import { startAzure, type Azure } from '../azure/index.ts';
import { Administrator } from '../bench/administrator.ts';
import { startCluster, type RealCluster } from '../real/cluster/index.ts';
import { badPods, changed, goodPod, type Fields, type Standard } from '../templates/example-policies/pods.ts';

/** How Kubernetes, which has the standards built in, calls each rule. */
const names: Readonly<Record<Standard, Readonly<Record<string, string>>>> = {
  baseline: {
    'host-namespaces': 'host namespaces',
    'privileged-containers': 'privileged',
    capabilities: 'non-default capabilities',
    'host-path-volumes': 'hostPath volumes',
    'host-ports': 'hostPort',
    'host-probes': 'probe or lifecycle host',
    'app-armor': 'forbidden AppArmor profile',
    'se-linux': 'seLinuxOptions',
    seccomp: 'seccompProfile',
    sysctls: 'forbidden sysctls',
  },
  restricted: {
    'volume-types': 'restricted volume types',
    'privilege-escalation': 'allowPrivilegeEscalation != false',
    'run-as-non-root': 'runAsNonRoot != true',
    'run-as-user': 'runAsUser=0',
    seccomp: 'seccompProfile',
    capabilities: 'unrestricted capabilities',
  },
};

// hostProcess demands more that the standard forbids, and procMount a user namespace, for which Kubernetes allows it.
const notCompared = ['host-process', 'proc-mount'];

describe('The pods that the example policies refuse', () => {
  let azure: Azure;
  let cluster: RealCluster;
  let administrator: Administrator;
  before(async () => {
    azure = await startAzure();
    const played = azure.cluster('aks-standards');
    cluster = await startCluster(azure, played);
    administrator = new Administrator(azure, played);
    for (const standard of Object.keys(badPods)) {
      const labels = { 'pod-security.kubernetes.io/enforce': standard };
      await administrator.create('/api/v1/namespaces', { metadata: { name: standard, labels } });
      const account = `/api/v1/namespaces/${standard}/serviceaccounts/default`;
      while ((await administrator.find(account)) === undefined);
    }
  });
  after(async () => {
    await cluster.close();
    await azure.close();
  });

  /** What Kubernetes says against a pod, without what every refusal has; undefined when it takes it. */
  async function refusal(standard: string, pod: unknown): Promise<string | undefined> {
    const created = administrator.create(
      `/api/v1/namespaces/${standard}/pods?dryRun=All`,
      changed(pod, { metadata: { namespace: standard } }) as Fields,
    );
    const said = await created.then(
      () => undefined,
      (error: Error) => error.message,
    );
    return said?.replace(/^.*violates PodSecurity \\"\w+:latest\\": (.*)","reason":"Forbidden".*$/s, '$1');
  }

  for (const standard of ['baseline', 'restricted'] as const) {
    it(`are those that Kubernetes refuses by its standard ${standard}, each for the same one reason`, async () => {
      assert.equal(await refusal(standard, goodPod), undefined);
      const rules = Object.entries(badPods[standard]).filter(([rule]) => !notCompared.includes(rule));
      assert.deepEqual(rules.map(([rule]) => rule).sort(), Object.keys(names[standard]).sort());
      for (const [rule, changes] of rules) {
        // A pod cannot be made with containers to debug it.
        for (const change of changes.filter(({ spec }) => !JSON.stringify(spec ?? {}).includes('ephemeral'))) {
          const said = (await refusal(standard, changed(goodPod, change))) ?? 'nothing';
          assert.ok(said.startsWith(names[standard][rule] ?? ''), `${rule}: ${said}`);
          assert.doesNotMatch(said, /\), /, rule);
        }
      }
    });
  }
});
