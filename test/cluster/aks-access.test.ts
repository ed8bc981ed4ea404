import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { kubernetesAudience } from '../azure/index.ts';
import { adminRole } from '../bench/cluster-pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { controlPlane } from '../real/cluster/index.ts';
import {
  startRealClusterPipeline,
  type RealClusterOptions,
  type RealClusterPipeline,
} from './real-cluster-pipeline.ts';

const whoAmI = 'kubectl auth whoami --output=jsonpath={.status.userInfo.username}';

describe('AksCredentials on a real control plane: who gets in', () => {
  let pipeline: RealClusterPipeline;

  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
  });
  afterEach(() => pipeline.close());

  async function start(options: RealClusterOptions = {}): Promise<void> {
    pipeline = await startRealClusterPipeline(options);
  }

  it('explains that an identity without a role binding may do nothing', async () => {
    await start({ clusterRole: null });
    const { fetch, identity, real } = pipeline;
    const message = refusalOf(await fetch({ namespace: 'web' }));
    assert.match(
      message,
      new RegExp(`knows ${identity.objectId}, but it may do none of what was asked in namespace 'web'.*HTTP 403`),
    );
    assert.match(message, /with Kubernetes RBAC bind it to a role there/);
    await real.bind(identity.objectId, 'view');
    assert.equal((await fetch({ namespace: 'web' }, { condition: 'always()' })).result, 'Succeeded');
  });

  it('replaces a token that has expired', async () => {
    await start();
    const { azure, identity, real, fetch, job } = pipeline;
    azure.accessTokens.life = 8;
    const fetched = await fetch();
    assert.equal(fetched.result, 'Succeeded', fetched.log.join('\n'));
    const asOldAsOurs = azure.accessTokens.issue(identity, kubernetesAudience);
    while ((await real.userOf(asOldAsOurs)) !== undefined) await delay(100);
    const later = await job.runScript({ script: `${whoAmI}\nhelm list` });
    assert.equal(later.result, 'Succeeded', later.log.join('\n'));
    assert.match(later.log.join('\n'), new RegExp(identity.objectId));
  });

  it('takes the tokens of Entra for this cluster and this tenant, and no others', async () => {
    await start();
    const { azure, identity, real } = pipeline;
    const fabrikam = azure.identities.add({ kind: 'secret', tenantId: 'fab00000-0001-4000-8000-00000c0a7050' });
    const good = azure.accessTokens.issue(identity, kubernetesAudience);
    const forged = `${good.slice(0, -8)}${'A'.repeat(8)}`;
    assert.equal(await real.userOf(good), identity.objectId);
    assert.equal(await real.userOf(forged), undefined);
    assert.equal(await real.userOf(azure.accessTokens.issue(identity, 'https://management.azure.com')), undefined);
    assert.equal(await real.userOf(azure.accessTokens.issue(fabrikam, kubernetesAudience)), undefined);
  });

  it('lets the administrator of the cluster in by certificate and token', async () => {
    await start({ roles: [adminRole], programs: ['kubectl', 'helm-4.2'], clusterRole: null });
    const { fetch, job } = pipeline;
    const fetched = await fetch({ useClusterAdmin: 'true' });
    assert.equal(fetched.outputs['clusterContext'], 'contoso-qa-admin', fetched.log.join('\n'));
    const later = await job.runScript({ script: `${whoAmI}\nhelm list --all-namespaces` });
    assert.equal(later.result, 'Succeeded', later.log.join('\n'));
    assert.match(later.log.join('\n'), /masterclient/);
  });
});
