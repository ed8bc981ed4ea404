import assert from 'node:assert/strict';
import { printable } from '../../../tasks/common/text/shown.ts';
import type { ReleaseView, SeenObject } from '../../../tasks/common/watching/view.ts';
import { FakeCluster, refused } from './fake-cluster.ts';
import { Looking } from './looking.ts';
import { before as earlier, object, ours, packedRecord, paths, record, rendered } from './objects.ts';

const log = `${paths.pods}/shop-a/log?container=web&tailLines=100&limitBytes=131072`;
const names = ({ objects }: ReleaseView): string[] => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
const pod: SeenObject = { kind: 'Pod', apiVersion: 'v1', ...object('shop-a') };
const deployment = (name: string): string => rendered('Deployment', name, '', 'apps/v1');

const madeBy = (kind: string, view: ReleaseView): (string | undefined)[] =>
  view.objects
    .filter((each) => each.kind === kind)
    .flatMap((each) => view.childrenOf(each))
    .map(({ metadata }) => metadata.name);

describe("helm's record of the revision", () => {
  let cluster: FakeCluster;
  let looking: Looking;
  beforeEach(async () => {
    cluster = new FakeCluster();
    looking = new Looking(cluster);
    cluster.put(paths.deployments, ours('shop', { at: earlier }));
    cluster.put(paths.deployments, ours('cart', { at: earlier }));
    await looking.begin();
  });
  afterEach(() => looking.end());

  /** What is known once helm has written such a record. */
  async function known(manifest: string, hooks: Parameters<typeof record>[2] = []): Promise<ReleaseView> {
    looking.watch.expect(2);
    cluster.put(paths.secrets, record(2, manifest, hooks));
    return looking.until((view) => view.missing !== undefined);
  }

  it('tells what is missing, and what is not of the release any more', async () => {
    assert.deepEqual(names(looking.watch.view()), ['Deployment cart', 'Deployment shop']);
    assert.equal(looking.watch.view().missing, undefined);
    const view = await known(deployment('shop') + deployment('web') + rendered('ConfigMap', 'shop'));
    assert.equal(view.revision, 2);
    assert.deepEqual(names(view), ['Deployment shop']);
    assert.deepEqual(view.missing, [{ kind: 'Deployment', namespace: 'web', name: 'web' }]);
    assert.deepEqual(
      cluster.asked.filter((each) => each.includes('secrets')),
      ['list secrets', 'watch secrets'],
    );
  });

  it('tells how many pods the chart wants, and which of its kinds are custom', async () => {
    assert.equal(looking.watch.view().customKinds, undefined);
    const manifest = `${rendered('Deployment', 'shop', 'spec: { replicas: 3 }\n', 'apps/v1')}${deployment('cart')}`;
    const tls = rendered('Certificate', 'shop-tls', '', 'cert-manager.io/v1');
    const view = await known(manifest + tls + rendered('Ingress', 'shop', '', 'networking.k8s.io/v1'));
    const replicas = view.objects.map((each) => [each.metadata.name, view.chartReplicasOf?.(each)]);
    assert.deepEqual(replicas, [
      ['cart', 1],
      ['shop', 3],
    ]);
    assert.deepEqual(view.customKinds, ['Certificate']);
    assert.equal(view.chartReplicasOf?.({ kind: 'Deployment', apiVersion: 'apps/v1', ...object('other') }), undefined);
  });

  it('tells its hooks, of which those that helm takes away again stay as they were last; older ones do not count', async () => {
    cluster.put(paths.jobs, object('migrate', { at: earlier, status: { failed: 1 } }));
    const hook = { manifest: rendered('Job', 'migrate', '', 'batch/v1'), events: ['pre-upgrade'] };
    assert.deepEqual(names(await known(deployment('shop'), [hook])), ['Deployment shop']);
    cluster.remove(paths.jobs, 'migrate');
    const job = object('migrate');
    cluster.put(paths.jobs, { ...job, metadata: { ...job.metadata, uid: 'uid-new' } });
    cluster.put(paths.pods, object('migrate-a', { owner: 'new' }));
    await looking.until((view) => view.objects.length === 2);
    cluster.remove(paths.pods, 'migrate-a');
    cluster.remove(paths.jobs, 'migrate');
    cluster.put(paths.deployments, ours('shop', { status: { readyReplicas: 1 } }));
    const view = await looking.until(({ objects }) => objects.some(({ status }) => status !== undefined));
    assert.deepEqual(names(view), ['Deployment shop', 'Job migrate']);
    const hooked = view.objects.find(({ kind }) => kind === 'Job');
    assert.deepEqual(hooked && view.childrenOf(hooked).map(({ metadata }) => metadata.name), ['migrate-a']);
    assert.deepEqual(view.missing, []);
  });

  it('tells which kinds to watch besides: of a StatefulSet its claims, by the names of its templates', async () => {
    const set = ours('db', { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } });
    cluster.put(paths.statefulsets, set);
    cluster.put(paths.claims, object('data-db-0', { at: earlier }));
    cluster.put(paths.claims, object('data-other-0'));
    cluster.put(paths.services, ours('shop'));
    cluster.put(paths.slices, object('shop-x', { labels: { 'kubernetes.io/service-name': 'shop' } }));
    await known(rendered('StatefulSet', 'db', '', 'apps/v1') + rendered('Service', 'shop'));
    const view = await looking.until(({ objects }) => objects.some(({ kind }) => kind === 'Service'));
    assert.deepEqual(madeBy('Service', view), []);
    await looking.watch.lookUp();
    assert.deepEqual(madeBy('Service', looking.watch.view()), ['shop-x']);
    assert.deepEqual(madeBy('StatefulSet', looking.watch.view()), ['data-db-0']);
  });

  it('leaves no value of its Secrets in a log, plain or encoded, but the names of its objects', async () => {
    const data = `type: Opaque\ndata:\n  a: ${Buffer.from('s3cr3t-of-data').toString('base64')}\nstringData:\n  b: s3cr3t-of-text\n  c: shop\n  d: shop-cart\n`;
    const hook = {
      manifest: rendered('Secret', 'early', 'stringData:\n  x: s3cr3t-of-hook\n'),
      events: ['pre-install'],
    };
    await known(rendered('Secret', 'shop-cart-1', data) + deployment('shop'), [hook]);
    const secrets = ['s3cr3t-of-data', 's3cr3t-of-text', 's3cr3t-of-hook'];
    const text = [...secrets, Buffer.from('s3cr3t-of-text').toString('base64'), 'of shop-cart', '##vso[task.complete]'];
    cluster.prints(log, `\u001b[31m${text.join('\n')}\u001b[0m\n`);
    await looking.watch.readLog(pod, 'web', false);
    assert.deepEqual(looking.watch.view().logOf(pod, 'web'), {
      previous: false,
      lines: ['***', '***', '***', '***', 'of shop-cart', printable('##vso[task.complete]')],
    });
  });

  it('knows Secrets of lists that do not say what they are, and values that YAML merges', async () => {
    const items = 'items:\n- { metadata: { name: listed }, stringData: { a: s3cr3t-of-a-list } }\n';
    const merged = 'x: &others { b: s3cr3t-of-others }\nstringData: { <<: [*others], c: s3cr3t-beside }\n';
    const nameless = '---\nkind: Secret\nmetadata: { generateName: shop- }\nstringData: { a: s3cr3t-without-name }\n';
    const lists = `---\napiVersion: v1\nkind: SecretList\n${items}---\napiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: SecretList, ${items.trim().replace(/\n- (.*)/, ' [$1]')} }\n`;
    await known(deployment('shop') + lists + rendered('Secret', 'merged', merged) + nameless);
    const values = ['s3cr3t-without-name', 's3cr3t-of-a-list', 's3cr3t-of-others', 's3cr3t-beside'];
    cluster.prints(log, values.join('\n'));
    await looking.watch.readLog(pod, 'web', false);
    assert.deepEqual(looking.watch.view().logOf(pod, 'web')?.lines, ['***', '***', '***', '***']);
  });

  it('knows each line of a large file in a Secret; where there are too many, no log is read', async () => {
    const file = (lines: number): string =>
      Array.from({ length: lines }, (_, at) => `    line-${at}: ${'x'.repeat(60)}\n`).join('');
    const secret = (lines: number): string => `stringData:\n  file: |\n${file(lines)}    password: s3cr3t-in-a-file\n`;
    cluster.prints(log, 'sign in with password: s3cr3t-in-a-file\n');
    await known(deployment('shop') + rendered('Secret', 'file', secret(300)));
    await looking.watch.readLog(pod, 'web', false);
    assert.deepEqual(looking.watch.view().logOf(pod, 'web')?.lines, ['sign in with ***']);
    assert.deepEqual(looking.watch.view().blind, []);
    looking.watch.expect(3);
    cluster.put(paths.secrets, record(3, deployment('shop') + rendered('Secret', 'file', secret(600))));
    await looking.until((view) => view.missing !== undefined);
    await looking.watch.readLog(pod, 'web', false);
    assert.match(looking.watch.view().blind.join('\n'), /could not be masked/);
  });

  it('has logs read by nobody where a document is put together of others', async () => {
    await known(`${deployment('shop')}---\nx: &s { kind: Secret, stringData: { a: s3cr3t-whole } }\n<<: *s\n`);
    cluster.prints(log, 's3cr3t-whole');
    await looking.watch.readLog(pod, 'web', false);
    assert.equal(looking.watch.view().logOf(pod, 'web'), undefined);
  });

  it('is got where it may not be watched; without it no log is read', async () => {
    cluster.refuse('watch secrets', refused(403));
    looking.watch.expect(2);
    await looking.until((view) => view.blind.length > 0);
    cluster.prints(log, 'hello\n');
    await looking.watch.readLog(pod, 'web', false);
    const { blind } = looking.watch.view();
    assert.match(blind.join('\n'), /helm's record of the revision.*HTTP 403/);
    assert.match(blind.join('\n'), /logs of containers\. What the Secrets of the release hold/);
    assert.equal(looking.watch.view().logOf(pod, 'web'), undefined);
    assert.equal(looking.watch.view().isUnmasked, true);
    const secret = record(2, deployment('shop'));
    cluster.prints(
      `${paths.secrets}/${secret.metadata.name}`,
      JSON.stringify({ kind: 'Secret', apiVersion: 'v1', ...secret }),
    );
    await looking.watch.readLog(pod, 'web', false);
    assert.deepEqual(looking.watch.view().logOf(pod, 'web')?.lines, ['hello']);
    assert.equal(looking.watch.view().isUnmasked, undefined);
    assert.deepEqual(looking.watch.view().missing, []);
    assert.deepEqual(looking.watch.view().blind, []);
  });

  it('of a chart that renders nothing, or its hooks alone, has no manifest', async () => {
    for (const more of [{}, { hooks: [{ manifest: rendered('Job', 'migrate', '', 'batch/v1') }] }]) {
      looking.watch.expect(2);
      const secret = packedRecord(2, JSON.stringify({ name: 'shop', version: 2, info: {}, ...more }));
      cluster.put(paths.secrets, secret);
      const view = await looking.until(({ missing, blind }) => missing !== undefined || blind.length > 0);
      assert.deepEqual(view.blind, []);
      assert.deepEqual(names(view), [], 'what the release had before is not of it any more');
      cluster.remove(paths.secrets, secret.metadata.name);
    }
  });

  it('may be damaged, endless, or partly no YAML', async () => {
    const bomb = packedRecord(2, ' '.repeat(33 * 1024 * 1024));
    const odd = { ...record(2, ''), data: { release: 'AAAA' } };
    for (const secret of [bomb, odd]) {
      looking.watch.expect(2);
      cluster.put(paths.secrets, secret);
      const { blind } = await looking.until((view) => view.blind.length > 0);
      assert.match(
        blind[0] ?? '',
        /^Not seen: helm's record of the revision\. helm's record .* (unpacks to more|has no manifest)/,
      );
      cluster.remove(paths.secrets, secret.metadata.name);
      looking.watch.expect(3);
      await looking.until((view) => view.blind.length === 0);
    }
    const list =
      '---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: listed}}\n';
    const view = await known(`${deployment('shop')}---\n{ no: [yaml\n${list}`);
    assert.deepEqual(
      view.missing?.map(({ name }) => name),
      ['listed'],
    );
    assert.deepEqual(
      names(view),
      ['Deployment cart', 'Deployment shop'],
      'the part that was not read may name the other',
    );
  });
});
