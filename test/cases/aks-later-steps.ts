import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Job, StepResult } from '../agent/index.ts';
import type { IdentityKind } from '../azure/index.ts';
import type { ClusterPipeline, ClusterPipelineOptions } from '../bench/cluster-pipeline.ts';
import { openPipelines } from '../bench/open-pipelines.ts';
import { realProgram } from '../real/index.ts';

const whoAmI = 'kubectl auth whoami --output=jsonpath={.status.userInfo.username}';

/**
 * Declares what later steps of a job can do once AksCredentials has run, on any cluster.
 * @param startPipeline starts a job whose connection may read pods and secrets in the cluster
 */
export function laterSteps(startPipeline: (options?: ClusterPipelineOptions) => Promise<ClusterPipeline>): void {
  const start = openPipelines(startPipeline);

  for (const kind of ['federated', 'secret', 'certificate', 'managed'] satisfies IdentityKind[]) {
    it(`run kubectl and helm as the connection (${kind}), with nothing mapped into their environment`, async () => {
      const { job, fetch, identity } = await start({ kind });
      const fetched = assertFetched(await fetch({ namespace: 'web' }, { watchCommandLines: true }));
      assert.match(fetched.log.join('\n'), new RegExp(`as ${identity.objectId}\\.`));
      const script = `${whoAmI}\nhelm list\nkubectl get pods`;
      const later = await job.runScript({ script, watchCommandLines: true });
      assert.equal(later.result, 'Succeeded', later.log.join('\n'));
      assert.match(later.log.join('\n'), new RegExp(identity.objectId));
      assert.match(later.log.join('\n'), /NAME\s+NAMESPACE\s+REVISION/);
      for (const step of [fetched, later]) {
        assert.deepEqual(job.secretLeaks(step), []);
        assert.deepEqual(job.secretsOnCommandLines(step), []);
        assert.ok(step.commandLines.some((line) => line.includes('kubelogin get-token')));
      }
    });
  }

  it('run kubectl as the identity of the machine itself', async () => {
    const { job, fetch, identity } = await start({ kind: 'managed', systemAssigned: true });
    assertFetched(await fetch());
    const later = await job.runScript({ script: whoAmI });
    assert.deepEqual(later.log.slice(-1), [identity.objectId], later.log.join('\n'));
  });

  it('leave nothing behind: no kubeconfig, no token cache, no certificate', async () => {
    for (const kind of ['federated', 'certificate'] as const) {
      const { job, fetch } = await start({ kind });
      const { kubeconfigPath = '' } = assertFetched(await fetch()).outputs;
      assert.equal(statSync(kubeconfigPath).mode & 0o777, 0o600);
      await job.runScript({ script: 'kubectl get pods' });
      assert.ok((await job.secretsOnDisk()).length > 0, 'the audit finds nothing even while the files are there');
      const { result, postJobSteps } = await job.finish();
      assert.equal(result, 'Succeeded');
      assert.deepEqual(
        postJobSteps.flatMap(({ violations, issues }) => [...violations, ...issues]),
        [],
      );
      assert.ok(!existsSync(path.dirname(kubeconfigPath)));
      assert.deepEqual(remaining(job), []);
      assert.deepEqual(await job.secretsOnDisk(), []);
      assert.deepEqual(readdirSync(path.join(job.folders.home, '.kube', 'cache')).sort(), ['discovery', 'http']);
      assert.ok(!existsSync(path.join(job.folders.home, '.cache')));
    }
  });

  it('get a fresh token when theirs has expired, with an OIDC token that lives ten seconds', async () => {
    const { job, fetch, azure, identity } = await start();
    azure.job.oidcTokenLife = 10;
    azure.accessTokens.life = 30;
    assertFetched(await fetch());
    const oidcRequests = (): number => azure.requests.filter(({ path: at }) => at.endsWith('/oidctoken')).length;
    const before = oidcRequests();
    azure.accessTokens.expireAll();
    const later = await job.runScript({ script: `${whoAmI}\nhelm list` });
    assert.equal(later.result, 'Succeeded', later.log.join('\n'));
    assert.match(later.log.join('\n'), new RegExp(identity.objectId));
    assert.ok(oidcRequests() > before, 'kubelogin asked for no fresh OIDC token');
  });

  it('do not ask again while their token is good', async () => {
    const { job, fetch, azure } = await start();
    assertFetched(await fetch());
    const before = azure.requests.length;
    assert.equal((await job.runScript({ script: whoAmI })).result, 'Succeeded');
    const signIns = azure.requests
      .slice(before)
      .filter(({ method, host }) => method === 'POST' && !/azmk8s/.test(host));
    assert.deepEqual(signIns, []);
  });

  it('stay who they are whatever AZURE_ and AAD_ variables the job has', async () => {
    const foreign = {
      AZURE_CLIENT_ID: 'somebody-else',
      AZURE_TENANT_ID: 'elsewhere',
      AZURE_CLIENT_SECRET: 'not-ours',
      AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere.pfx',
      AAD_SERVICE_PRINCIPAL_CLIENT_ID: 'somebody-else',
      AAD_SERVICE_PRINCIPAL_CLIENT_SECRET: 'not-ours',
      AAD_LOGIN_METHOD: 'devicecode',
      AZURESUBSCRIPTION_CLIENT_ID: 'somebody-else',
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: 'another',
      KUBECONFIG: '/nowhere',
    };
    for (const kind of ['federated', 'secret', 'managed'] as const) {
      const { job, fetch, identity } = await start({ kind, job: { environment: foreign } });
      assertFetched(await fetch());
      const later = await job.runScript({ script: whoAmI });
      assert.deepEqual(later.log.slice(-1), [identity.objectId], later.log.join('\n'));
    }
  });

  it('find kubelogin though it is not on their PATH', async () => {
    const { job, fetch, identity } = await start();
    assertFetched(await fetch());
    const kubectl = await realProgram('kubectl');
    const later = await job.runScript({ script: `PATH=/nowhere ${kubectl} ${whoAmI.replace('kubectl ', '')}` });
    assert.deepEqual(later.log.slice(-1), [identity.objectId], later.log.join('\n'));
  });
}

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
