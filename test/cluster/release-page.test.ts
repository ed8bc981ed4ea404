import { Administrator } from '../bench/administrator.ts';
import { pageOfDeploy } from '../cases/release-page.ts';
import { startCluster } from '../real/cluster/index.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: the pipelines on its page', () => {
  pageOfDeploy(startRealReleasePipeline, async ({ azure, identity }, name) => {
    const cluster = azure.cluster(name, { resourceGroup: name });
    const roles = identity.roles.filter(({ scope }) => scope === 'contoso-qa');
    identity.roles.push(...roles.map(({ role }) => ({ role, scope: name })));
    const real = await startCluster(azure, cluster);
    await real.bind(identity.objectId, 'edit');
    return { administrator: new Administrator(azure, cluster), close: () => real.close() };
  });
});
