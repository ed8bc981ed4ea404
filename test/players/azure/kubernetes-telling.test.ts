import assert from 'node:assert/strict';
import { behaviourAnnotation, startAzure, type Azure, type Behaviour, type Cluster } from '../../azure/index.ts';
import { ClusterClient, type Asked } from './cluster-client.ts';

const pods = '/api/v1/namespaces/default/pods';

/** What a container waits for in the end, what its pod's events say, and what its log says or why there is none. */
const ends: Readonly<Partial<Record<Behaviour, readonly [string, RegExp, RegExp]>>> = {
  'crash-loop': [
    'CrashLoopBackOff',
    /Warning BackOff Back-off restarting failed container app in pod web_default\(/,
    /^starting\nfatal: the played program fails\n$/,
  ],
  'oom-killed': ['OOMKilled', /Normal Started Container started/, /^starting/],
  'image-pull-error': [
    'ImagePullBackOff',
    /Warning Failed Failed to pull image "contoso.azurecr.io\/web:1": rpc error: code = NotFound .*: not found\n/,
    /^container "app" in pod "web" is waiting to start: trying and failing to pull image$/,
  ],
  'image-name-invalid': [
    'InvalidImageName',
    /Warning InspectFailed Failed to apply default image tag "contoso.azurecr.io\/web:1": couldn't parse image name/,
    /^container "app" in pod "web" is waiting to start: InvalidImageName$/,
  ],
  'config-missing': [
    'CreateContainerConfigError',
    /Warning Failed Error: configmap "app-settings" not found/,
    /^container "app" in pod "web" is waiting to start: CreateContainerConfigError$/,
  ],
  'command-missing': [
    'StartError',
    /Warning Failed Error: .* exec: "serve": executable file not found in \$PATH/,
    /^$/,
  ],
  unschedulable: [
    'Unschedulable',
    /Warning FailedScheduling 0\/1 nodes are available: 1 Insufficient cpu\./,
    /^pod web does not have a host assigned$/,
  ],
  'never-ready': [
    'ContainersNotReady',
    /Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503/,
    /^starting\nlistening\n$/,
  ],
  slow: ['ContainerCreating', /Normal Scheduled Successfully assigned default\/web to aks-/, /ContainerCreating$/],
};

describe('what the played AKS tells of a roll-out', () => {
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

  const create = (path: string, metadata: object, spec: object): Promise<Asked> =>
    client.ask('POST', path, { metadata, spec });

  const startPod = (behaviour: Behaviour): Promise<Asked> =>
    create(
      pods,
      { name: 'web', annotations: { [behaviourAnnotation]: behaviour } },
      { restartPolicy: 'Always', containers: [{ name: 'app', image: 'contoso.azurecr.io/web:1' }] },
    );

  /** Settles when the condition holds; it may hold already. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        stop();
        resolve();
      };
      const stop = cluster.objects.onChange(look);
      look();
    });
  }

  const status = (): string => JSON.stringify(cluster.objects.find({ kind: 'Pod', namespace: 'default' }, 'web'));
  const backOffs = (): number =>
    Number(cluster.objects.list({ kind: 'Event' }).find(({ reason }) => reason === 'BackOff')?.['count'] ?? 0);
  const told = (): string =>
    cluster.objects
      .list({ kind: 'Event' })
      .map(({ type, reason, message }) => [type, reason, message].join(' '))
      .join('\n') + '\n';

  for (const [behaviour, [reason, event, log]] of Object.entries(ends)) {
    it(`is events, a status and a log: ${behaviour}`, async () => {
      await startPod(behaviour as Behaviour);
      await until(() => status().includes(reason) && event.test(told()));
      assert.match(await client.readLog(`${pods}/web/log?container=app`), log);
    });
  }

  it('repeats what goes on, and counts it', async () => {
    await startPod('crash-loop');
    await until(() => backOffs() >= 2);
    assert.match(status(), new RegExp(`"restartCount":${backOffs()}\\b`));
    const previous = `${pods}/web/log?previous=true&tailLines=1&limitBytes=8`;
    assert.equal(await client.readLog(previous), 'fatal: t');
  });

  it('goes on where timers ring before their time by the clock', async () => {
    const clock = Date.now;
    const begun = clock();
    Date.now = () => begun + (clock() - begun) * 0.9;
    try {
      await startPod('crash-loop');
      await until(() => status().includes('"restartCount":2'));
    } finally {
      Date.now = clock;
    }
  });

  it('says in events of their owners which pods were made, and which could not be', async () => {
    const why = 'exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2';
    cluster.controllers.refusePods(({ metadata: { name } }) => `pods "${name}" is forbidden: ${why}`);
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'web:1' }] } };
    const spec = { selector: { matchLabels: { app: 'web' } }, template };
    await create('/apis/apps/v1/namespaces/default/deployments', { name: 'web' }, spec);
    const isFailing = (kind: string): boolean =>
      JSON.stringify(cluster.objects.list({ kind })).includes('"reason":"FailedCreate","message":"pods \\"web-');
    await until(() => isFailing('ReplicaSet') && isFailing('Deployment'));
    assert.match(told(), /Normal ScalingReplicaSet Scaled up replica set web-\w+ from 0 to 1/);
    assert.match(told(), /Warning FailedCreate Error creating: pods "web-\w+-\w+" is forbidden: exceeded quota: team/);
    cluster.controllers.refusePods(() => undefined);
    await until(() => told().includes('Normal SuccessfulCreate Created pod: web-'));
    await until(() => !isFailing('ReplicaSet') && !isFailing('Deployment'));
  });

  it('keeps EndpointSlices of Services, with and without pods', async () => {
    for (const name of ['web', 'other']) {
      const spec = { selector: { app: name }, ports: [{ name: 'http', port: 80 }] };
      await create('/api/v1/namespaces/default/services', { name }, spec);
    }
    await create(pods, { name: 'web', labels: { app: 'web' } }, { containers: [{ name: 'app', image: 'web:1' }] });
    await until(() => JSON.stringify(endpointsOf(cluster, 'web')).includes('"ready":true'));
    assert.equal(endpointsOf(cluster, 'other'), null);
  });

  it('serves what a CustomResourceDefinition defines, and nothing of other groups', async () => {
    const rollouts = '/apis/argoproj.io/v1alpha1/namespaces/default/rollouts';
    assert.equal((await client.ask('GET', rollouts)).status, 404);
    const names = { plural: 'rollouts', kind: 'Rollout' };
    const versions = [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } }];
    const spec = { group: 'argoproj.io', scope: 'Namespaced', names, versions };
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    assert.equal((await create(definitions, { name: 'rollouts.argoproj.io' }, spec)).status, 201);
    assert.equal((await create(rollouts, { name: 'web' }, { replicas: 1 })).status, 201);
    const { body } = await client.ask('GET', rollouts);
    assert.deepEqual([body.kind, body.items?.length], ['RolloutList', 1]);
    assert.equal((await client.ask('GET', rollouts.replace('argoproj.io', 'flagger.app'))).status, 404);
  });
});

function endpointsOf({ objects }: Cluster, service: string): unknown {
  return objects.list({ kind: 'EndpointSlice', labels: `kubernetes.io/service-name=${service}` })[0]?.['endpoints'];
}
