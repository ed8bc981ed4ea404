import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { Administrator } from '../bench/administrator.ts';
import { messageOf } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { writeFiles } from '../bench/write-files.ts';
import { controlPlane } from '../real/cluster/index.ts';
import { startRealClusterPipeline, type RealClusterPipeline } from './real-cluster-pipeline.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/PolicyCheck');

const definition = (group: string, version: string, kind: string, plural: string): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Cluster',
    names: { kind, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

const template = {
  apiVersion: 'templates.gatekeeper.sh/v1',
  kind: 'ConstraintTemplate',
  metadata: { name: 'k8snohostnetwork' },
  spec: {
    crd: { spec: { names: { kind: 'K8sNoHostNetwork' } } },
    targets: [
      {
        target: 'admission.k8s.gatekeeper.sh',
        rego: 'package a\nviolation[{"msg": "No network of the host."}] { input.review.object.spec.hostNetwork }\n',
      },
    ],
  },
};

const constraint = (name: string, match: object): object => ({
  apiVersion: 'constraints.gatekeeper.sh/v1beta1',
  kind: 'K8sNoHostNetwork',
  metadata: { name },
  spec: { match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }], source: 'Original', ...match } },
});

const admissionPolicy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'no-host-network.contoso.com' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    validations: [
      {
        expression: '!has(object.spec.hostNetwork) || !object.spec.hostNetwork',
        message: 'No network of the host.',
      },
    ],
  },
};

const binding = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: 'no-host-network' },
  spec: { policyName: 'no-host-network.contoso.com', validationActions: ['Deny'] },
};

const clusterPolicy = {
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'no-host-network' },
  spec: {
    rules: [
      {
        name: 'host-network',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: {
          failureAction: 'Enforce',
          message: 'No network of the host.',
          pattern: { spec: { '=(hostNetwork)': false } },
        },
      },
    ],
  },
};

const pod = (hostNetwork: boolean): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'orders' },
  spec: { containers: [{ name: 'web', image: 'contoso.azurecr.io/orders:1.0.0' }], hostNetwork },
});

describe('PolicyCheck on a real control plane: the policies of the cluster', () => {
  let pipeline: RealClusterPipeline;
  let administrator: Administrator;
  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
    pipeline = await startRealClusterPipeline({
      programs: ['kubelogin', 'helm-4.2', 'kyverno', 'gator'],
      clusterRole: null,
    });
    administrator = new Administrator(pipeline.azure, pipeline.cluster);
    writeFiles(pipeline.job.folders.sources, {
      'host-network.json': JSON.stringify(pod(true)),
      'harmless.json': JSON.stringify(pod(false)),
    });
  });
  after(() => pipeline.close());

  const check = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.job.runTask({
      task,
      name: 'policies',
      condition: 'always()',
      node: process.execPath,
      inputs: {
        policies: 'cluster',
        namespace: 'default',
        azureSubscription: 'contoso-azure',
        resourceGroup: 'rg-delivery',
        cluster: 'contoso-qa',
        ...inputs,
      },
    });

  it('may not be listed by everybody, which says the right that is missing', async () => {
    const refusal = refusalOf(await check({ engine: 'kyverno', manifests: 'harmless.json' }));
    assert.match(refusal, /validatingadmissionpolicies/);
    await pipeline.real.bind(pipeline.identity.objectId, 'cluster-admin');
  });

  it('refuse the same pod, by the same policy, that the API server then refuses', async () => {
    await administrator.create('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', admissionPolicy);
    await administrator.create('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', binding);

    const refused = await check({ engine: 'kyverno', manifests: 'host-network.json' });
    assert.equal(refused.result, 'Failed');
    assert.match(
      messageOf(refused),
      /ValidatingAdmissionPolicy no-host-network\.contoso\.com: Pod default\/orders: No network of the host\./,
    );
    const passed = await check({ engine: 'kyverno', manifests: 'harmless.json' });
    assert.equal(passed.result, 'Succeeded', passed.log.join('\n'));

    const words = /ValidatingAdmissionPolicy 'no-host-network\.contoso\.com'.*No network of the host/;
    await assert.rejects(untilRefused(), words);
  });

  it("are Kyverno's ClusterPolicies too, though the version that the API server prefers of their group has none", async () => {
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await administrator.create(definitions, definition('kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies'));
    await administrator.create(definitions, definition('kyverno.io', 'v2', 'PolicyException', 'policyexceptions'));
    await served('/apis/kyverno.io/v1/clusterpolicies', clusterPolicy);
    // It is told of after it is served.
    const preferred = async (): Promise<unknown> =>
      (await administrator.find('/apis/kyverno.io'))?.['preferredVersion'];
    while (!JSON.stringify((await preferred()) ?? '').includes('kyverno.io/v2'));

    const step = await check({ engine: 'kyverno', manifests: 'host-network.json' });

    assert.equal(step.result, 'Failed');
    assert.match(
      messageOf(step),
      /ClusterPolicy no-host-network: Pod default\/orders( at \S+)?: No network of the host\./,
    );
  });

  it('are the constraints of Gatekeeper, with the labels of the namespace that they choose', async () => {
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await administrator.create(
      definitions,
      definition('templates.gatekeeper.sh', 'v1', 'ConstraintTemplate', 'constrainttemplates'),
    );
    await administrator.create(
      definitions,
      definition('constraints.gatekeeper.sh', 'v1beta1', 'K8sNoHostNetwork', 'k8snohostnetwork'),
    );
    await administrator.patch('/api/v1/namespaces/default', { metadata: { labels: { env: 'prod' } } });
    await served('/apis/templates.gatekeeper.sh/v1/constrainttemplates', template);
    const constraints = '/apis/constraints.gatekeeper.sh/v1beta1/k8snohostnetwork';
    const selecting = { namespaceSelector: { matchLabels: { env: 'prod' } } };
    await served(constraints, constraint('azurepolicy-of-prod', selecting));
    await served(constraints, constraint('azurepolicy-excluding', { excludedNamespaces: ['default'] }));

    const step = await check({ engine: 'gatekeeper', manifests: 'host-network.json' });

    assert.equal(step.result, 'Failed');
    assert.match(
      messageOf(step),
      /K8sNoHostNetwork azurepolicy-of-prod: Pod default\/orders: No network of the host\./,
    );
    assert.match(step.log.join('\n'), /of 2 policies 1 failed, 1 had exceptions only/);
  });

  /** The API server takes a new policy into account after a moment; the test's own limit ends that. */
  async function untilRefused(): Promise<void> {
    for (;;) {
      await administrator.create('/api/v1/namespaces/default/pods', pod(true));
      await administrator.delete('/api/v1/namespaces/default/pods/orders?gracePeriodSeconds=0');
    }
  }

  /** Creates an object of a kind that is served after a moment. */
  async function served(collection: string, object: object): Promise<void> {
    const isServed = async (): Promise<boolean> =>
      administrator.list(collection).then(
        () => true,
        () => false,
      );
    while (!(await isServed()));
    await administrator.create(collection, object);
  }
});
