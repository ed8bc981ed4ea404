import assert from 'node:assert/strict';
import { startAzure, type Azure, type Cluster } from '../../azure/index.ts';
import { ClusterClient, type WatchEvent } from './cluster-client.ts';

describe('the API server of the played AKS', () => {
  let azure: Azure;
  let cluster: Cluster;
  let client: ClusterClient;
  const maps = '/api/v1/namespaces/default/configmaps';
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());
  beforeEach(() => {
    cluster = azure.cluster(`contoso-${azure.requests.length}`);
    client = new ClusterClient(azure, cluster);
  });

  const create = (path: string, name: string, content: object = {}) =>
    client.ask('POST', path, { metadata: { name }, ...content });

  it('creates an object once, and gives it what every object has', async () => {
    const { status, body } = await create(leases, 'web', { spec: { holderIdentity: 'run-1' } });
    assert.equal(status, 201);
    const { uid, resourceVersion, creationTimestamp, generation } = body.metadata ?? {};
    const said = [uid, resourceVersion, creationTimestamp, generation].join(' ');
    assert.match(said, /^[-\w]{36} \d+ [-\d]+T[:\d]+Z 1$/);
    const again = await create(leases, 'web');
    assert.deepEqual([again.status, again.body.reason], [409, 'AlreadyExists']);
    assert.equal(again.body.message, 'leases.coordination.k8s.io "web" already exists');
  });

  it('makes names where only their begin is given', async () => {
    const { body } = await client.ask('POST', maps, { metadata: { generateName: 'web-' } });
    assert.match(String(body.metadata?.['name']), /^web-[a-z0-9]{5}$/);
  });

  it('has no place in a namespace that does not exist, or no longer', async () => {
    const missing = await create('/api/v1/namespaces/shop/configmaps', 'web');
    assert.deepEqual([missing.status, missing.body.message], [404, 'namespaces "shop" not found']);
    assert.equal((await client.ask('GET', '/api/v1/namespaces/shop/configmaps')).status, 200);
    const held = { metadata: { name: 'web', finalizers: ['contoso.example/hold'] } };
    await create('/api/v1/namespaces', 'shop');
    await client.ask('POST', '/api/v1/namespaces/shop/configmaps', held);
    await client.ask('DELETE', '/api/v1/namespaces/shop');
    const late = await create('/api/v1/namespaces/shop/secrets', 'late');
    assert.equal(late.status, 403);
    assert.match(late.body.message ?? '', /because it is being terminated/);
  });

  it('deletes a namespace with all that is in it', async () => {
    const { body } = await create('/api/v1/namespaces', 'shop');
    await create('/api/v1/namespaces/shop/configmaps', 'web');
    const version = String(body.metadata?.['resourceVersion']);
    const query = `watch=1&fieldSelector=metadata.name=shop&resourceVersion=${version}`;
    const events = client.watch(`/api/v1/namespaces?${query}`);
    await client.ask('DELETE', '/api/v1/namespaces/shop');
    for await (const { type } of events) if (type === 'DELETED') break;
    assert.equal((await client.ask('GET', '/api/v1/namespaces/shop')).status, 404);
    assert.deepEqual((await client.ask('GET', '/api/v1/configmaps')).body.items?.filter(isIn('shop')), []);
  });

  it('refuses to replace what somebody else has changed meanwhile', async () => {
    const { body: first } = await create(leases, 'web', { spec: { holderIdentity: 'one' } });
    const theirs = { ...first, spec: { holderIdentity: 'two' } };
    assert.equal((await client.ask('PUT', `${leases}/web`, theirs)).status, 200);
    const late = await client.ask('PUT', `${leases}/web`, { ...first, spec: { holderIdentity: 'three' } });
    assert.deepEqual([late.status, late.body.reason], [409, 'Conflict']);
    const { resourceVersion } = first.metadata ?? {};
    const patch = { metadata: { resourceVersion }, spec: { holderIdentity: 'three' } };
    assert.equal((await client.ask('PATCH', `${leases}/web`, patch, 'merge')).status, 409);
    const { body } = await client.ask('GET', `${leases}/web`);
    assert.deepEqual([body.spec?.['holderIdentity'], body.metadata?.['generation']], ['two', 2]);
    const versions = { preconditions: { resourceVersion } };
    assert.equal((await client.ask('DELETE', `${leases}/web`, versions)).status, 409);
    assert.equal((await client.ask('DELETE', `${leases}/web`)).status, 200);
    assert.equal((await client.ask('DELETE', `${leases}/web`)).status, 404);
  });

  it('leaves the version of what a write does not change', async () => {
    const { body } = await create(maps, 'web', { data: { colour: 'blue' } });
    const same = await client.ask('PATCH', `${maps}/web`, { data: { colour: 'blue' } }, 'merge');
    assert.deepEqual(same.body.metadata?.['resourceVersion'], body.metadata?.['resourceVersion']);
  });

  it('writes nothing in a dry run', async () => {
    assert.equal((await client.ask('POST', `${maps}?dryRun=All`, { metadata: { name: 'web' } })).status, 201);
    assert.equal((await client.ask('GET', `${maps}/web`)).status, 404);
  });

  it('keeps status and spec apart', async () => {
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'web:1' }] } };
    await create(deployments, 'web', { spec: { replicas: 0, selector: { matchLabels: labels }, template } });
    const both = { spec: { replicas: 7 }, status: { replicas: 9 } };
    const { body } = await client.ask('PATCH', `${deployments}/web/status`, both, 'merge');
    assert.deepEqual([body.spec?.['replicas'], body.status?.['replicas']], [0, 9]);
    const scaled = await client.ask('PATCH', `${deployments}/web/scale`, { spec: { replicas: 2 } }, 'merge');
    assert.deepEqual([scaled.body.kind, scaled.body.spec], ['Scale', { replicas: 2 }]);
    const other = { spec: { selector: { matchLabels: { app: 'api' } } } };
    const refused = await client.ask('PATCH', `${deployments}/web`, other, 'merge');
    assert.deepEqual([refused.status, refused.body.reason], [422, 'Invalid']);
  });

  it('lists what labels and fields select, in pages, or its metadata alone', async () => {
    for (const [index, colour] of ['blue', 'red', 'green'].entries()) {
      await client.ask('POST', maps, { metadata: { name: `map-${index}`, labels: { colour } }, data: { secret: 'x' } });
    }
    const names = async (query: string) =>
      (await client.ask('GET', `${maps}?${query}`)).body.items?.map(({ metadata }) => metadata?.['name']);
    assert.deepEqual(await names('labelSelector=colour%20in%20(blue,red)'), ['map-0', 'map-1']);
    assert.deepEqual(await names('labelSelector=colour!=blue,colour'), ['map-1', 'map-2']);
    assert.deepEqual(await names('fieldSelector=metadata.name=map-2'), ['map-2']);
    const first = await client.ask('GET', `${maps}?labelSelector=colour&limit=2`);
    const token = String(first.body.metadata?.['continue']);
    assert.deepEqual(await names(`labelSelector=colour&limit=2&continue=${token}`), ['map-2']);
    await create(maps, 'later');
    cluster.objects.forget();
    assert.equal((await client.ask('GET', `${maps}?continue=${token}`)).status, 410);
    const accept = { Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
    const { body } = await client.ask('GET', `${maps}?labelSelector=colour`, undefined, 'json', accept);
    assert.equal(body.kind, 'PartialObjectMetadataList');
    assert.deepEqual(new Set(body.items?.flatMap(Object.keys)), new Set(['kind', 'apiVersion', 'metadata']));
  });

  it('tells watchers what happens, from where they want to know', async () => {
    const { body } = await create(maps, 'web');
    const version = String(body.metadata?.['resourceVersion']);
    await client.ask('PATCH', `${maps}/web`, { metadata: { labels: { colour: 'blue' } } }, 'merge');
    await client.ask('PATCH', `${maps}/web`, { metadata: { labels: { colour: 'red' } } }, 'merge');
    await client.ask('DELETE', `${maps}/web`);
    const from = `${maps}?watch=true&resourceVersion=${version}`;
    assert.deepEqual(await seen(client.watch(from), 3), ['MODIFIED web', 'MODIFIED web', 'DELETED web']);
    const blue = `${from}&labelSelector=colour=blue`;
    assert.deepEqual(await seen(client.watch(blue), 2), ['ADDED web', 'DELETED web'], 'as if it had come and gone');
    cluster.objects.forget();
    const [error] = await firstOf(client.watch(from), 1);
    assert.deepEqual([error?.type, error?.object.reason], ['ERROR', 'Expired']);
  });

  it('tells watchers first what there is, and that this was all', async () => {
    await create(maps, 'web');
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = await firstOf(client.watch(`${maps}?${query}`), 3);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['ADDED', 'ADDED', 'BOOKMARK'],
    );
    assert.deepEqual(events[2]?.object.metadata?.['annotations'], { 'k8s.io/initial-events-end': 'true' });
  });
});

async function firstOf(events: AsyncGenerator<WatchEvent>, count: number): Promise<WatchEvent[]> {
  const found: WatchEvent[] = [];
  for await (const event of events) if (found.push(event) === count) break;
  return found;
}

async function seen(events: AsyncGenerator<WatchEvent>, count: number): Promise<string[]> {
  const found = await firstOf(events, count);
  return found.map(({ type, object }) => `${type} ${String(object.metadata?.['name'])}`);
}

function isIn(namespace: string) {
  return ({ metadata }: { metadata?: Readonly<Record<string, unknown>> }): boolean =>
    metadata?.['namespace'] === namespace;
}
