import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Job, StepResult } from '../agent/index.ts';
import { adminRole, startClusterPipeline, userRole, writerRole } from '../bench/cluster-pipeline.ts';
import { openPipelines } from '../bench/open-pipelines.ts';

const whoAmI = 'kubectl auth whoami --output=jsonpath={.status.userInfo.username}';

describe('AksCredentials: other clusters and other ways to them', () => {
  const start = openPipelines(startClusterPipeline);

  it('reaches several clusters of one job, the last one without saying so', async () => {
    const { job, fetch, azure, identity } = await start();
    const production = azure.cluster('contoso-prod');
    for (const role of [userRole, writerRole]) identity.roles.push({ role, scope: production.name });
    const qa = assertFetched(await fetch({ namespace: 'web-qa' }, { name: 'qa' }));
    assertFetched(await fetch({ cluster: production.name, namespace: 'web-prod' }, { name: 'prod' }));
    const view = `config view --minify --output='jsonpath={.contexts[0].name} {..namespace} {..server}{"\\n"}'`;
    const later = await job.runScript({
      script: `kubectl ${view}\nkubectl ${view} --kubeconfig "$QA_KUBECONFIGPATH"\nhelm list --kubeconfig $(qa.kubeconfigPath)`,
    });
    assert.equal(later.result, 'Succeeded', later.log.join('\n'));
    assert.match(
      later.log.join('\n'),
      /contoso-prod web-prod https:\/\/contoso-prod-dns[\s\S]+contoso-qa web-qa https:\/\/contoso-qa-dns/,
    );
    assert.equal(qa.outputs['clusterContext'], 'contoso-qa');
  });

  it('acts as the administrator of the cluster itself, without kubelogin', async () => {
    const programs = ['kubectl', 'helm-4.2'] as const;
    const { job, fetch } = await start({ roles: [adminRole], programs });
    const fetched = assertFetched(await fetch({ useClusterAdmin: 'true' }));
    assert.equal(fetched.outputs['clusterContext'], 'contoso-qa-admin');
    const later = await job.runScript({ script: `${whoAmI}\nhelm list --all-namespaces` });
    assert.match(later.log.join('\n'), /masterclient/);
    assert.equal(later.result, 'Succeeded', later.log.join('\n'));
    await job.finish();
    assert.deepEqual(remaining(job), []);
  });

  it('uses a cluster without Entra by its only credential', async () => {
    const { job, fetch } = await start({ cluster: { entra: false }, programs: ['kubectl'] });
    assertFetched(await fetch());
    assert.match((await job.runScript({ script: whoAmI })).log.join('\n'), /masterclient/);
  });

  it('goes through the proxy of the agent itself, which later steps do not know', async () => {
    const proxyCredentials = { username: 'agent', password: 'pr@xy:pass/word' };
    const withoutProxy = { HTTPS_PROXY: '', HTTP_PROXY: '', SSL_CERT_FILE: '', NODE_EXTRA_CA_CERTS: '' };
    const { job, fetch, identity } = await start({
      azure: { proxyCredentials },
      job: (azure) => ({
        proxy: { url: azure.proxyUrl, ...proxyCredentials },
        caFile: azure.caFile,
        environment: withoutProxy,
      }),
    });
    const fetched = assertFetched(await fetch());
    const later = await job.runScript({ script: `${whoAmI}\nhelm list`, watchCommandLines: true });
    assert.equal(later.result, 'Succeeded', later.log.join('\n'));
    assert.match(later.log.join('\n'), new RegExp(identity.objectId));
    for (const step of [fetched, later]) assert.doesNotMatch(step.log.join('\n'), /pr(@|%40)xy/);
  });
});

/** What lies in the agent's temp folder, apart from the file that task-lib makes for every task. */
function remaining({ folders }: Job): string[] {
  return readdirSync(folders.temp);
}

function assertFetched(step: StepResult): StepResult {
  assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  assert.deepEqual(step.violations, []);
  assert.deepEqual(step.issues, []);
  assert.deepEqual(Object.keys(step.outputs).sort(), ['apiServerUrl', 'clusterContext', 'kubeconfigPath']);
  return step;
}
