import assert from 'node:assert/strict';
import { startAzure, type Azure, type Behaviour, type Cluster, type KubernetesObject } from '../../azure/index.ts';
import { ClusterClient } from './cluster-client.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';

describe('the controllers of the played AKS', () => {
  let azure: Azure;
  let cluster: Cluster;
  let client: ClusterClient;

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());
  beforeEach(() => {
    cluster = azure.cluster(`contoso-${azure.requests.length}`);
    client = new ClusterClient(azure, cluster);
  });

  /** Settles when an object is as wished; it may be already. */
  function until(kind: string, isGood: (object: KubernetesObject) => boolean): Promise<KubernetesObject> {
    return new Promise((resolve) => {
      const look = (): void => {
        const object = cluster.objects.list({ kind, namespace: 'default' }).find(isGood);
        if (object === undefined) return;
        stop();
        resolve(object);
      };
      const stop = cluster.objects.onChange(look);
      look();
    });
  }

  async function deploy(behaviour: Behaviour, spec: object = {}): Promise<void> {
    const metadata = { labels: { app: 'web' }, annotations: { 'contoso.example/behaviour': behaviour } };
    const template = { metadata, spec: { containers: [{ name: 'app', image: 'contoso.azurecr.io/web:1' }] } };
    const body = { metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec } };
    const { status } = await client.ask('POST', deployments, body);
    if (status === 201) return;
    assert.equal((await client.ask('PATCH', `${deployments}/web`, body, 'merge')).status, 200);
  }

  const reasons = {
    'crash-loop': 'CrashLoopBackOff',
    'image-pull-error': 'ImagePullBackOff',
    slow: 'ContainerCreating',
    'never-ready': 'ContainersNotReady',
  } as const;

  for (const [behaviour, reason] of Object.entries(reasons)) {
    it(`let the old pods run while the new ones are ${behaviour}`, async () => {
      await deploy('ready');
      await until('Deployment', isRolledOut);
      await deploy(behaviour as Behaviour);
      await until('Pod', has(reason));
      const { status } = await until(
        'Deployment',
        ({ status: now }) => fields(now)['unavailableReplicas'] === 1 && fields(now)['replicas'] === 2,
      );
      const { readyReplicas, updatedReplicas, observedGeneration } = fields(status);
      assert.deepEqual([readyReplicas, updatedReplicas, observedGeneration], [1, 1, 2]);
      if (behaviour !== 'slow') return;
      cluster.controllers.releasePods();
      await until('Deployment', isRolledOut);
    });
  }

  it('say when a roll-out takes longer than it may', async () => {
    await deploy('never-ready', { progressDeadlineSeconds: 1 });
    await until('Deployment', has('ProgressDeadlineExceeded'));
  });

  it('start new pods after the old ones where both must not be', async () => {
    const spec = { strategy: { type: 'Recreate', rollingUpdate: null } };
    await deploy('ready', spec);
    await until('Deployment', isRolledOut);
    await deploy('never-ready', spec);
    await until('Deployment', ({ status }) => fields(status)['observedGeneration'] === 2);
    await until('Pod', ({ metadata }) => metadata.annotations?.['contoso.example/behaviour'] === 'never-ready');
    assert.equal(cluster.objects.list({ kind: 'Pod' }).length, 1);
  });

  it('number the revisions on, also of one that comes back', async () => {
    for (const behaviour of ['ready', 'never-ready', 'ready'] as const) await deploy(behaviour);
    await until('Deployment', isThird);
    await until('Deployment', isRolledOut);
    assert.equal(cluster.objects.list({ kind: 'ReplicaSet' }).length, 2);
  });

  it('count the templates of a DaemonSet on its pods', async () => {
    const sets = '/apis/apps/v1/namespaces/default/daemonsets';
    const matchLabels = { app: 'agent' };
    const template = { metadata: { labels: matchLabels }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } };
    await client.ask('POST', sets, { metadata: { name: 'agent' }, spec: { selector: { matchLabels }, template } });
    await until('Pod', ({ metadata }) => metadata.labels?.['pod-template-generation'] === '1');
    const spec = { containers: [{ name: 'agent', image: 'agent:2' }] };
    await client.ask('PATCH', `${sets}/agent`, { spec: { template: { spec } } }, 'merge');
    await until('Pod', ({ metadata }) => metadata.labels?.['pod-template-generation'] === '2');
  });

  it('give a Job up when too many of its pods have failed', async () => {
    const spec = { restartPolicy: 'Never', containers: [{ name: 'load', image: 'contoso.azurecr.io/failing:1' }] };
    const body = { metadata: { name: 'load' }, spec: { backoffLimit: 2, template: { spec } } };
    await client.ask('POST', '/apis/batch/v1/namespaces/default/jobs', body);
    const { status } = await until('Job', has('BackoffLimitExceeded'));
    assert.equal(fields(status)['failed'], 3);
  });

  it('collect what has lost its owner, or keep it if that is wished', async () => {
    for (const [policy, left] of [
      ['Background', 0],
      ['Foreground', 0],
      ['Orphan', 1],
    ] as const) {
      await deploy('ready');
      await until('Deployment', isRolledOut);
      await client.ask('DELETE', `${deployments}/web`, { propagationPolicy: policy });
      await new Promise<void>((resolve) => {
        const look = (): void => {
          const isGone = cluster.objects.list({ kind: 'Deployment' }).length === 0;
          if (!isGone || cluster.objects.list({ kind: 'Pod' }).length !== left) return;
          stop();
          resolve();
        };
        const stop = cluster.objects.onChange(look);
        look();
      });
      assert.equal(cluster.objects.list({ kind: 'ReplicaSet' }).length, left, policy);
    }
  });
});

function isThird({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.['deployment.kubernetes.io/revision'] === '3';
}

function has(reason: string) {
  return ({ status = {} }: KubernetesObject): boolean => JSON.stringify(status).includes(reason);
}

function isRolledOut({ status, metadata }: KubernetesObject): boolean {
  const { observedGeneration, readyReplicas, replicas, updatedReplicas } = fields(status);
  const isAll = readyReplicas === 1 && replicas === 1 && updatedReplicas === 1;
  return isAll && observedGeneration === metadata.generation;
}

function fields(value: unknown): Record<string, unknown> {
  return (value ?? {}) as Record<string, unknown>;
}
