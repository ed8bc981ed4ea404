import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startAzure, type Azure, type Cluster } from '../../azure/index.ts';
import { helms, obtainHelms } from '../../bench/helms.ts';
import { behaving, sampleArchive } from '../../bench/sample-release.ts';
import { ClusterTools } from './cluster-tools.ts';

describe('real programs in the played AKS', () => {
  let azure: Azure;
  let cluster: Cluster;
  let tools: ClusterTools;

  obtainHelms();
  beforeEach(async () => {
    azure = await startAzure();
    cluster = azure.cluster('contoso');
    tools = new ClusterTools(azure, cluster);
    writeFileSync(path.join(tools.folder, 'app.tgz'), sampleArchive('1.0.0'));
    mkdirSync(path.join(tools.folder, 'kinds', 'templates'), { recursive: true });
    writeFileSync(path.join(tools.folder, 'kinds', 'Chart.yaml'), 'apiVersion: v2\nname: kinds\nversion: 1.0.0\n');
    cpSync(path.join(import.meta.dirname, 'all-kinds.yaml'), path.join(tools.folder, 'kinds', 'templates', 'all.yaml'));
  });
  afterEach(async () => {
    await azure.close();
    tools.close();
  });

  const kubectl = (...args: string[]) => tools.out('kubectl', ...args, '--namespace=shop');
  const found = (kind: string, name: string) => cluster.objects.find({ kind, namespace: 'shop' }, name);

  for (const id of helms) {
    it(`${id} installs, upgrades, tests, rolls back and uninstalls`, async () => {
      const helm = (...args: string[]) => tools.out(id, ...args, '--namespace=shop');
      const chart = path.join(tools.folder, 'app.tgz');
      const upgrade = ['upgrade', '--install', 'web', chart, '--wait', '--timeout=60s'];
      await helm(...upgrade, '--create-namespace', '--set=replicaCount=2');
      await helm(...upgrade, '--set=replicaCount=3', '--set=config.GREETING=Moin');
      assert.deepEqual(found('Deployment', 'web-go-template-app')?.['status'], {
        ...(found('Deployment', 'web-go-template-app')?.['status'] as object),
        observedGeneration: 2,
        updatedReplicas: 3,
        readyReplicas: 3,
      });
      assert.match(await helm('test', 'web', '--timeout=60s'), /Phase: +Succeeded/);
      const failed = await tools.run(
        id,
        ...upgrade,
        '--timeout=3s',
        `--set-string=${behaving('never-ready')}`,
        '--namespace=shop',
      );
      assert.equal(failed.code, 1);
      await helm('rollback', 'web', '2', '--wait', '--timeout=60s');
      assert.match(await helm('status', 'web'), /STATUS: deployed\nREVISION: 4/);
      const history = JSON.parse(await helm('history', 'web', '--output=json')) as { status: string }[];
      assert.deepEqual(
        history.map(({ status }) => status),
        ['superseded', 'superseded', 'failed', 'deployed'],
      );
      assert.match(await helm('get', 'values', 'web'), /GREETING: Moin/);
      await helm('uninstall', 'web', '--wait', '--timeout=60s');
      assert.equal(await helm('list', '--short'), '');
      assert.deepEqual(cluster.objects.list({ kind: 'Pod', namespace: 'shop' }), []);
    });
  }

  for (const [id, wait] of [
    ['helm-3.17', '--wait'],
    ['helm-4.2', '--wait=legacy'],
    ['helm-4.3', '--wait=watcher'],
  ] as const) {
    it(`${id} ${wait} waits for every kind that there is`, async () => {
      const chart = path.join(tools.folder, 'kinds');
      const args = [wait, '--wait-for-jobs', '--timeout=60s', '--namespace=shop', '--create-namespace'];
      await tools.out(id, 'upgrade', '--install', 'all', chart, ...args);
      const pods = cluster.objects.list({ kind: 'Pod', namespace: 'shop' }).map(({ metadata }) => metadata.name);
      assert.equal(pods.filter((name) => /^(db-[01]|agent-|load-)/.test(name)).length, 4);
      assert.deepEqual(found('PersistentVolumeClaim', 'data')?.['status'], {
        phase: 'Bound',
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
      });
      await tools.out(id, 'uninstall', 'all', '--namespace=shop', '--wait', '--timeout=60s');
      const left = cluster.objects.all.filter(
        ({ kind, metadata }) => kind !== 'Event' && metadata.namespace === 'shop',
      );
      assert.deepEqual(left.map(({ kind }) => kind).sort(), ['ConfigMap', 'ServiceAccount']);
    });
  }

  it('helm waits for pods that are slow until they are let go', async () => {
    const chart = path.join(tools.folder, 'app.tgz');
    const args = [
      '--wait',
      '--timeout=60s',
      '--create-namespace',
      '--namespace=shop',
      `--set-string=${behaving('slow')}`,
    ];
    const installed = tools.out('helm-4.2', 'upgrade', '--install', 'web', chart, ...args);
    await new Promise<void>((resolve) => {
      cluster.objects.onChange(({ object }) => {
        if (object.kind === 'Pod' && JSON.stringify(object['status']).includes('ContainerCreating')) resolve();
      });
    });
    assert.match(await tools.out('helm-4.2', 'status', 'web', '--namespace=shop'), /STATUS: pending-install/);
    cluster.controllers.releasePods();
    await installed;
  });

  it('kubectl applies, watches, scales, reads logs and deletes', async () => {
    const file = path.join(import.meta.dirname, 'all-kinds.yaml');
    await kubectl('create', 'namespace', 'shop');
    await kubectl('create', 'secret', 'generic', 'token', '--from-literal=value=geheim');
    assert.equal(await kubectl('get', 'secret', 'token', '--output=jsonpath={.data.value}'), 'Z2VoZWlt');
    await kubectl('apply', '--filename', file);
    await kubectl('apply', '--filename', file);
    await kubectl('apply', '--filename', file, '--server-side', '--force-conflicts');
    assert.match(await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s'), /successfully rolled out/);
    await kubectl('wait', '--for=condition=complete', 'job/load', '--timeout=60s');
    await kubectl('scale', 'deployment/web', '--replicas=3');
    await kubectl('wait', '--for=jsonpath={.status.readyReplicas}=3', 'deployment/web', '--timeout=60s');
    assert.match(await kubectl('logs', 'job/load'), /listening/);
    await kubectl('delete', '--filename', file, '--wait=true', '--timeout=60s');
    await kubectl('delete', 'namespace', 'shop', '--timeout=60s');
    assert.deepEqual(
      cluster.objects.all.filter(({ metadata }) => metadata.namespace === 'shop'),
      [],
    );
  });
});
