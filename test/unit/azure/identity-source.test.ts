import assert from 'node:assert/strict';
import { identitySource, sourceForTools } from '../../../tasks/common/azure/index.ts';

const arc = {
  IDENTITY_ENDPOINT: 'http://localhost:40342/metadata/identity/oauth2/token',
  IMDS_ENDPOINT: 'http://localhost:40342',
};
const pod = {
  AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/azure-identity-token',
  AZURE_CLIENT_ID: 'of-the-pod',
  AZURE_TENANT_ID: 'of-the-pod',
  AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
};

describe('The source of a managed identity', () => {
  it('is the metadata service, also in a pod with a federated token, and where something else is set', () => {
    for (const env of [
      {},
      pod,
      { MSI_ENDPOINT: 'http://localhost:50342', MSI_SECRET: 'x' },
      { IDENTITY_ENDPOINT: 'http://localhost:1' },
      { ...arc, IDENTITY_ENDPOINT: 'http://elsewhere.example/token' },
    ]) {
      assert.deepEqual(identitySource(env, false), { kind: 'metadata' }, JSON.stringify(env));
    }
  });

  it('is the agent of Azure Arc on its server, whether the environment names it or not', () => {
    assert.deepEqual(identitySource(arc, false), { kind: 'arc', endpoint: arc.IDENTITY_ENDPOINT });
    assert.deepEqual(identitySource({}, true), { kind: 'arc', endpoint: arc.IDENTITY_ENDPOINT });
  });

  it('is the endpoint of App Service and Container Apps, which has a header of its own', () => {
    const env = { IDENTITY_ENDPOINT: 'http://localhost:12356/msi/token', IDENTITY_HEADER: 'h', MSI_ENDPOINT: 'x' };
    assert.deepEqual(identitySource(env, false), { kind: 'app', endpoint: env.IDENTITY_ENDPOINT, header: 'h' });
    assert.deepEqual(sourceForTools(identitySource(env, false), env), {});
  });

  it('is the same for kubelogin: what would lead it elsewhere is empty for it', () => {
    assert.deepEqual(sourceForTools({ kind: 'metadata' }, pod), {});
    const other = { MSI_ENDPOINT: 'http://localhost:50342', IDENTITY_ENDPOINT: 'http://elsewhere.example/token' };
    assert.deepEqual(sourceForTools({ kind: 'metadata' }, other), { MSI_ENDPOINT: '', IDENTITY_ENDPOINT: '' });
    assert.deepEqual(sourceForTools(identitySource({}, true), { MSI_SECRET: 'x' }), { ...arc, MSI_SECRET: '' });
  });
});
