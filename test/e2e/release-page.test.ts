import { Administrator } from '../bench/administrator.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { pageOfDeploy } from '../cases/release-page.ts';

describe('HelmReleaseDeploy: the pipelines on its page', () => {
  pageOfDeploy(startReleasePipeline, async ({ azure, identity }, name) => {
    const cluster = azure.cluster(name, { resourceGroup: name });
    const roles = identity.roles.filter(({ scope }) => scope === 'contoso-qa');
    identity.roles.push(...roles.map(({ role }) => ({ role, scope: name })));
    return { administrator: new Administrator(azure, cluster), close: () => Promise.resolve() };
  });
});
