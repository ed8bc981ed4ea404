import assert from 'node:assert/strict';
import { startAzure, type Azure, type Cluster } from '../../azure/index.ts';
import { ClusterClient } from './cluster-client.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const at = `${deployments}/web`;

const wish = (image: string, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image, env: [{ name: 'COLOUR', value: 'blue' }] }] },
    },
    ...more,
  },
});

describe('patches by the API server of the played AKS', () => {
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

  const apply = (body: object, manager: string, force = false) =>
    client.ask('PATCH', `${at}?fieldManager=${manager}&force=${force}`, body, 'apply');
  const containers = async (): Promise<unknown> => {
    const { body } = await client.ask('GET', at);
    return (body.spec as { template: { spec: { containers: unknown } } }).template.spec.containers;
  };

  it('merge lists by the keys of their items, and obey directives (strategic)', async () => {
    await client.ask('POST', deployments, wish('web:1'));
    const pods = (spec: object) => client.ask('PATCH', at, { spec: { template: { spec } } }, 'strategic');
    await pods({
      containers: [
        { name: 'proxy', image: 'proxy:1' },
        { name: 'app', image: 'web:2', env: [{ name: 'SIZE', value: 'l' }] },
      ],
      '$setElementOrder/containers': [{ name: 'app' }, { name: 'proxy' }],
    });
    const env = [
      { name: 'COLOUR', value: 'blue' },
      { name: 'SIZE', value: 'l' },
    ];
    assert.deepEqual(await containers(), [
      { name: 'app', image: 'web:2', env },
      { name: 'proxy', image: 'proxy:1' },
    ]);
    await pods({
      containers: [
        { name: 'proxy', $patch: 'delete' },
        { name: 'app', env: [{ $patch: 'replace' }, { name: 'SIZE', value: 's' }] },
      ],
    });
    assert.deepEqual(await containers(), [{ name: 'app', image: 'web:2', env: [{ name: 'SIZE', value: 's' }] }]);
  });

  it('change one place after the other, and nothing where a test fails (JSON)', async () => {
    await client.ask('POST', deployments, wish('web:1'));
    const image = '/spec/template/spec/containers/0/image';
    const good = [
      { op: 'test', path: image, value: 'web:1' },
      { op: 'replace', path: image, value: 'web:2' },
      { op: 'add', path: '/metadata/annotations', value: { 'contoso.example/a': '1' } },
      { op: 'copy', from: '/metadata/annotations/contoso.example~1a', path: '/metadata/annotations/b' },
    ];
    const { status, body } = await client.ask('PATCH', at, good, 'patch');
    assert.equal(status, 200);
    const annotations = body.metadata?.['annotations'] as Record<string, string>;
    assert.equal(`${annotations['contoso.example/a']} ${annotations['b']}`, '1 1');
    assert.equal((await client.ask('PATCH', at, good, 'patch')).status, 422);
    const missing = await client.ask('PATCH', at, [{ op: 'remove', path: '/spec/nothing' }], 'patch');
    assert.equal(missing.status, 422);
  });

  it('create what is not there, and take back what is no longer wished (apply)', async () => {
    assert.equal((await apply(wish('web:1', { paused: true }), 'helm')).status, 201);
    const { status, body } = await apply(wish('web:1'), 'helm');
    assert.deepEqual([status, body.spec?.['paused'], body.spec?.['replicas']], [200, undefined, 1]);
  });

  it('refuse a field with another owner and value, unless forced (apply)', async () => {
    await apply(wish('web:1', { replicas: 2 }), 'helm');
    await client.ask('PATCH', `${at}/scale?fieldManager=kubectl`, { spec: { replicas: 5 } }, 'merge');
    const refused = await apply(wish('web:2', { replicas: 2 }), 'helm');
    assert.deepEqual([refused.status, refused.body.reason], [409, 'Conflict']);
    assert.match(
      refused.body.message ?? '',
      /^Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps\/v1 at \S+: \.spec\.replicas$/,
    );
    assert.deepEqual(
      refused.body.details?.causes?.map(({ field }) => field),
      ['.spec.replicas'],
    );
    assert.equal((await apply(wish('web:2', { replicas: 5 }), 'helm')).status, 200, 'equal values do not conflict');
    const forced = await apply(wish('web:2', { replicas: 2 }), 'helm', true);
    assert.deepEqual([forced.status, forced.body.spec?.['replicas']], [200, 2]);
    assert.equal((await apply(wish('web:2', { replicas: 3 }), 'helm')).status, 200, 'its own again');
  });

  it('leave the items of others in a list (apply)', async () => {
    await apply(wish('web:1'), 'helm');
    const sidecar = { name: 'mesh', image: 'mesh:1' };
    const other = { spec: { template: { spec: { containers: [sidecar] } } } };
    await apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, ...other }, 'mesh');
    await apply(wish('web:2'), 'helm');
    const env = [{ name: 'COLOUR', value: 'blue' }];
    assert.deepEqual(await containers(), [{ name: 'app', image: 'web:2', env }, sidecar]);
  });
});
