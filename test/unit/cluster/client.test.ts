import assert from 'node:assert/strict';
import { ApiRefusal, KubernetesClient } from '../../../tasks/common/cluster/client.ts';
import {
  type Answer,
  atOnce,
  broken,
  clientContext,
  clientOf,
  json,
  pod,
  refusal,
  SmallApiServer,
} from './small-api-server.ts';

const pods = '/api/v1/namespaces/web/pods';

const list = (names: string[], next: string) =>
  json(200, {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '42', continue: next },
    items: names.map((name) => ({ metadata: { name } })),
  });

const text =
  (status: number, said: string): Answer =>
  (response) =>
    response.writeHead(status).end(said);

describe('a client of an API server', () => {
  const server = new SmallApiServer();
  const client = () => clientOf(server);
  before(() => server.start());
  after(() => server.stop());

  it('gets an object with the token of the user, and undefined for none', async () => {
    server.answers(json(200, pod('shop')), refusal(404, 'NotFound'));
    assert.equal((await client().get(`${pods}/shop`))?.metadata.name, 'shop');
    assert.equal(await client().get(`${pods}/gone`), undefined);
    const [first] = server.asked;
    assert.deepEqual([first?.method, first?.path], ['GET', `${pods}/shop`]);
    assert.equal(first?.headers.authorization, 'Bearer of-somebody');
    server.answers((response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n'));
    assert.equal(await client().get('/apis/nothing.example/v1/things/x'), undefined);
  });

  it('gives the text of a log; a kubelet that fails is no outage of the API server', async () => {
    const log = `${pods}/shop/log?container=web`;
    const dial = 'Get "https://10.0.0.4:10250/containerLogs": dial tcp 10.0.0.4:10250: i/o timeout';
    server.answers(refusal(429, 'TooManyRequests'), text(200, 'grüße\n'), refusal(500, 'InternalError', dial));
    const context = clientContext();
    const one = clientOf(server, context);
    assert.equal(await one.text(log), 'grüße\n');
    const told = context.told.length;
    await assert.rejects(one.text(log), (error) => error instanceof ApiRefusal && error.status === 500);
    assert.deepEqual([server.asked.length, context.told.length], [3, told]);
  });

  it('writes objects as JSON: create, replace, three kinds of patch, delete', async () => {
    server.answers(json(200, pod('shop')));
    const one = client();
    await one.create(pods, pod('shop'));
    await one.replace(`${pods}/shop`, pod('shop'));
    await one.patch(`${pods}/shop`, { metadata: { labels: { a: null } } });
    await one.patch(`${pods}/shop`, {}, 'strategic');
    await one.patch(`${pods}/shop`, [{ op: 'test', path: '/kind', value: 'Pod' }], 'json');
    await one.delete(`${pods}/shop`, { preconditions: { uid: 'u' } });
    const seen = server.asked.map(
      ({ method, headers }) => `${method} ${headers['content-type']?.replace('application/', '')}`,
    );
    assert.deepEqual(seen, [
      'POST json',
      'PUT json',
      'PATCH merge-patch+json',
      'PATCH strategic-merge-patch+json',
      'PATCH json-patch+json',
      'DELETE json',
    ]);
    assert.deepEqual(JSON.parse(server.asked[2]?.body ?? ''), { metadata: { labels: { a: null } } });
    assert.deepEqual(JSON.parse(server.asked[5]?.body ?? '').preconditions, { uid: 'u' });
  });

  it('takes an object that is gone for deleted', async () => {
    server.answers(refusal(404, 'NotFound'));
    await client().delete(`${pods}/shop`);
  });

  it('tells what was refused by status and reason', async () => {
    server.answers(refusal(409, 'AlreadyExists', 'pods "shop" already exists'));
    await assert.rejects(client().create(pods, pod('shop')), (error) => {
      assert.ok(error instanceof ApiRefusal);
      assert.deepEqual([error.status, error.reason, error.said], [409, 'AlreadyExists', 'pods "shop" already exists']);
      assert.match(
        error.message,
        /^The API server localhost refused to create pods in namespace 'web' \(HTTP 409\): pods/,
      );
      return true;
    });
  });

  it('tries again what broke off, 429 and 5xx, and says once that the API server was away', async () => {
    server.answers(
      broken,
      refusal(500, 'InternalError'),
      json(503, {}),
      refusal(429, 'TooManyRequests'),
      json(201, pod('shop')),
    );
    const context = clientContext();
    await clientOf(server, context).create(pods, pod('shop'));
    assert.equal(server.asked.length, 5);
    assert.deepEqual(context.told, [
      'The API server localhost does not answer as it should (ECONNRESET).',
      'The API server localhost answers again.',
    ]);
  });

  it('goes to the path of the server that the kubeconfig has, and checks the name that it says', async () => {
    server.answers(json(200, pod('shop')));
    const { access } = server.cluster();
    const port = new URL(access.server).port;
    const byNumber = { ...access, server: `https://127.0.0.1:${port}/k8s/clusters/c-1/` };
    const named = server.cluster({ access: { ...byNumber, tlsServerName: 'localhost' } });
    await new KubernetesClient(named, clientContext(), atOnce).get(`${pods}/shop`);
    assert.equal(server.asked[0]?.path, `/k8s/clusters/c-1${pods}/shop`);
    const other = server.cluster({ access: byNumber });
    await assert.rejects(
      new KubernetesClient(other, clientContext(), atOnce).get(`${pods}/shop`),
      /The certificate that came from 127\.0\.0\.1 is not the cluster's/,
    );
  });

  it('lists page by page, to the version from which a watch goes on', async () => {
    server.answers(list(['a', 'b'], 'more'), list(['c'], ''));
    const { items, resourceVersion } = await client().list(pods, {
      labelSelector: 'app=shop,tier in (a,b)',
      metadataOnly: true,
    });
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ['a', 'b', 'c'],
    );
    assert.equal(resourceVersion, '42');
    const [first, second] = server.asked;
    assert.equal(new URLSearchParams(first?.path.split('?')[1]).get('labelSelector'), 'app=shop,tier in (a,b)');
    assert.match(second?.path ?? '', /continue=more/);
    assert.match(first?.headers.accept ?? '', /^application\/json;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1,/);
  });
});
