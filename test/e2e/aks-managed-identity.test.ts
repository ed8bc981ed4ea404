import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Azure } from '../azure/index.ts';
import { startClusterPipeline, type ClusterPipeline } from '../bench/cluster-pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { realProgram } from '../real/index.ts';

const arcVersion = '2020-06-01';

/** As the Arc agent sets them on its server. */
function arcVariables({ managedIdentityUrl }: Azure): Record<string, string> {
  return {
    IDENTITY_ENDPOINT: `${managedIdentityUrl}/metadata/identity/oauth2/token`,
    IMDS_ENDPOINT: managedIdentityUrl,
  };
}

describe('AksCredentials with a managed identity', () => {
  let pipeline: ClusterPipeline;
  afterEach(() => pipeline.close());

  it('signs in as the machine in a pod that has a federated token, and so do later steps', async () => {
    const environment = {
      AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/azure-identity-token',
      AZURE_CLIENT_ID: '6f0b1c1e-0000-4000-8000-00000000000d',
      AZURE_TENANT_ID: '6f0b1c1e-0000-4000-8000-00000000000e',
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
      MSI_ENDPOINT: 'http://127.0.0.1:9/nobody',
    };
    pipeline = await startClusterPipeline({ kind: 'managed', systemAssigned: true, job: { environment } });
    const step = await pipeline.fetch();
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const later = await pipeline.job.runScript({
      script: 'kubectl auth whoami -o jsonpath={.status.userInfo.username}',
    });
    assert.match(later.log.join('\n'), new RegExp(pipeline.identity.objectId));
  });

  // The whole way needs a folder that only root can make; here both are led to another one, and refuse it.
  it('asks the agent of Azure Arc on its server, and so does kubelogin', async () => {
    pipeline = await startClusterPipeline({
      kind: 'managed',
      systemAssigned: true,
      job: (azure) => ({ environment: arcVariables(azure) }),
    });
    const { azure, job } = pipeline;
    const keys = path.join(job.folders.temp, '..', 'keys');
    azure.arcAgent(keys);
    assert.match(refusalOf(await pipeline.fetch()), /names the key '.*\.key', which is no \.key file in \S+azcmagent/);

    const env = { ...azure.environment, ...arcVariables(azure), AAD_LOGIN_METHOD: 'msi' };
    const args = ['get-token', '--login', 'msi', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'];
    const asked = promisify(execFile)(await realProgram('kubelogin'), args, { env });
    await assert.rejects(asked, /invalid file path, expected \/var\/opt\/azcmagent\/tokens/);
    const versions = azure.requests.map(({ query }) => query.get('api-version')).filter((version) => version !== null);
    assert.deepEqual(versions.filter((version) => version === arcVersion).length, 2);
  });
});
