import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { startClusterPipeline, userRole, writerRole, type ClusterPipeline } from '../bench/cluster-pipeline.ts';
import { openPipelines } from '../bench/open-pipelines.ts';
import { clusterEntry, kubeconfigWith } from '../bench/kubeconfigs.ts';
import { refusalOf } from '../bench/refusal.ts';

describe('AksCredentials: verifyAccess', () => {
  const start = openPipelines(startClusterPipeline);

  it('names the identity and the roles to assign when it may do nothing in the namespace', async () => {
    const pipeline = await start({ roles: [userRole] });
    const message = await refusal(pipeline, { namespace: 'web-qa' });
    assert.match(
      message,
      new RegExp(`knows ${pipeline.identity.objectId}, but it may do none of what was asked in namespace 'web-qa'`),
    );
    assert.match(message, /HTTP 403: User does not have access to the resource in Azure/);
    assert.match(message, /Azure Kubernetes Service RBAC Writer/);
  });

  it('is content with rights in the one namespace, or to read only', async () => {
    const { cluster, identity, fetch } = await start({ roles: [userRole] });
    identity.roles.push({ role: writerRole, scope: `${cluster.name}/namespaces/web-qa` });
    assert.equal((await fetch({ namespace: 'web-qa' })).result, 'Succeeded');
    identity.roles.push({ role: 'Azure Kubernetes Service RBAC Reader', scope: cluster.name });
    assert.equal((await fetch()).result, 'Succeeded');
  });

  it('is left out when it is switched off', async () => {
    const { cluster, azure, fetch } = await start({ roles: [userRole] });
    const step = await fetch({ verifyAccess: 'false' });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.match(step.log.join('\n'), /Access was not verified/);
    assert.deepEqual(
      azure.requests.filter(({ host }) => host === cluster.fqdn),
      [],
    );
  });

  it('tells of a private cluster when the proxy does not know its name', async () => {
    const message = await refusal(await start({ cluster: { private: true } }));
    assert.match(message, /The proxy 127\.0\.0\.1:\d+ did not reach the API server contoso-qa-dns-\w+\.privatelink\./);
    assert.match(message, /private cluster .* serverFqdn/);
  });

  it('reaches a private cluster by its public name', async () => {
    const { cluster, fetch } = await start({ cluster: { private: true } });
    const step = await fetch({ serverFqdn: 'public' });
    assert.equal(step.outputs['apiServerUrl'], `https://${cluster.fqdn}:443`);
  });

  it('tells of a private cluster when the name cannot be resolved', async () => {
    const pipeline = await start({ job: { environment: { NO_PROXY: 'contoso.invalid' } } });
    const entry = { ...clusterEntry(pipeline.cluster), server: 'https://api.privatelink.contoso.invalid:443' };
    pipeline.cluster.settings.kubeconfig = kubeconfigWith(entry, { token: 'of-a-local-account' });
    const message = await refusal(pipeline);
    assert.match(
      message,
      /The name api\.privatelink\.contoso\.invalid of the API server cannot be resolved .*private cluster/,
    );
  });

  it('gives up on an API server that does not answer', async () => {
    const pipeline = await start();
    // A local account: a sign-in that takes its time would use up the time limit before the API server is asked.
    const user = { token: 'of-a-local-account' };
    pipeline.cluster.settings.kubeconfig = kubeconfigWith(clusterEntry(pipeline.cluster), user);
    pipeline.azure.fault({ kind: 'hang', match: ({ host }) => host === pipeline.cluster.fqdn, times: 9 });
    const message = await refusal(pipeline, { verifyTimeoutSeconds: '1' });
    assert.match(message, /did not answer within 1 s: .*authorized IP ranges/);
  });

  it('gives up on a sign-in that does not end', async () => {
    const pipeline = await start();
    pipeline.azure.fault({ kind: 'hang', match: asksKubelogin, times: 9 });
    const message = await refusal(pipeline, { verifyTimeoutSeconds: '1' });
    assert.match(message, /kubelogin get-token did not end within 1 s and was stopped/);
  });

  it('tries again when the connection breaks', async () => {
    const pipeline = await start();
    const fault = pipeline.azure.fault({ kind: 'reset', match: ({ host }) => host === pipeline.cluster.fqdn });
    assert.equal((await pipeline.fetch()).result, 'Succeeded');
    assert.equal(fault.hits, 1);
  });

  it('explains a token that the API server does not accept', async () => {
    const pipeline = await start();
    const stranger = pipeline.azure.cluster('fabrikam', { tenantId: 'fab00000-0001-4000-8000-00000c0a7050' });
    const args = [
      'get-token',
      '--server-id',
      '6dae42f8-4368-4678-94ff-3960e28e3630',
      '--tenant-id',
      pipeline.identity.tenantId,
    ];
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'kubelogin', args } };
    pipeline.cluster.settings.kubeconfig = kubeconfigWith(clusterEntry(stranger), user);
    const message = await refusal(pipeline);
    assert.match(
      message,
      /does not accept the identity's token \(HTTP 401\): the cluster takes tokens of tenant 72f988bf/,
    );
  });

  it('explains what Entra ID says when the cluster belongs to another tenant', async () => {
    const pipeline = await start();
    const tenantId = 'fab00000-0001-4000-8000-00000c0a7050';
    const fabrikam = pipeline.azure.cluster('fabrikam', { tenantId });
    pipeline.identity.roles.push({ role: userRole, scope: fabrikam.name });
    const message = await refusal(pipeline, { cluster: fabrikam.name });
    assert.match(
      message,
      /cluster takes tokens of tenant fab00000-\S+, but the service connection belongs to tenant 72f988bf/,
    );
    assert.match(message, /\(AADSTS90002: Tenant 'fab00000-[^.]+\)\.$/);
  });

  it('trusts the authority of the cluster alone', async () => {
    const pipeline = await start();
    const other = pipeline.azure.cluster('fabrikam');
    const entry = { ...clusterEntry(pipeline.cluster), server: `https://${other.fqdn}` };
    pipeline.cluster.settings.kubeconfig = kubeconfigWith(entry, { token: other.admin.token });
    assert.match(await refusal(pipeline), /The certificate that came from fabrikam-dns-\w+\.\S+ is not the cluster's/);
  });
});

/** The error of the step, which must not have left anything that later steps would take for access. */
async function refusal(pipeline: ClusterPipeline, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  const message = refusalOf(await pipeline.fetch(inputs));
  assert.equal(pipeline.job.variables.get('KUBECONFIG'), undefined);
  assert.deepEqual(readdirSync(pipeline.job.folders.temp), []);
  return message;
}

/** Only kubelogin reads Entra's configuration; the task knows the addresses of each cloud. */
function asksKubelogin({ path }: { path: string }): boolean {
  return path.endsWith('/v2.0/.well-known/openid-configuration');
}
