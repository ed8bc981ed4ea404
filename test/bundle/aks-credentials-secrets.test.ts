import assert from 'node:assert/strict';
import { messageOf } from '../bench/pipeline.ts';
import { clusterEntry, kubeconfigWith } from '../bench/kubeconfigs.ts';
import { adminRole, startClusterPipeline, type ClusterPipeline } from '../bench/cluster-pipeline.ts';

describe('AksCredentials: the administrator of a cluster', () => {
  let pipeline: ClusterPipeline;
  before(async () => {
    pipeline = await startClusterPipeline({ programs: [], roles: [adminRole] });
  });
  after(() => pipeline.close());

  it('has a token and a key that no log shows, as they are or in another form', async () => {
    const { job, cluster } = pipeline;
    const step = await pipeline.fetch({ useClusterAdmin: 'true' }, { name: 'aks' });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(job.secretLeaks(step), []);
    const later = await job.runScript({
      script: `cat "$KUBECONFIG"; base64 -d <<<"$(grep client-key-data "$KUBECONFIG" | cut -d '"' -f 2)"`,
    });
    const log = later.log.join('\n');
    assert.match(log, /token: "\*\*\*"/);
    const { token, key } = cluster.admin;
    const keyLines = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    for (const secret of [token, Buffer.from(key).toString('base64'), ...keyLines]) {
      assert.ok(!log.includes(secret), log);
    }
  });

  it('has no name that a script would run', async () => {
    const { cluster } = pipeline;
    const text = kubeconfigWith(clusterEntry(cluster), { token: cluster.admin.token });
    cluster.settings.kubeconfig = text.replaceAll('web', '"$(id)"');
    const step = await pipeline.fetch({ useClusterAdmin: 'true' }, { name: 'odd' });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['clusterContext'], '');
    assert.equal(step.outputs['apiServerUrl'], `https://${cluster.fqdn}:443`);
    assert.match(
      messageOf(step),
      /Output clusterContext stays empty: its value "\$\(id\)-admin" has the character "\$"/,
    );
  });
});
