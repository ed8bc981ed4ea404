import assert from 'node:assert/strict';
import { cloudOf } from '../../../tasks/common/azure/index.ts';
import type { ServiceConnection } from '../../../tasks/common/task/connection.ts';
import { refusalOf } from '../chart/refusal.ts';

function connection(data: Record<string, string>, url?: string): ServiceConnection {
  return { id: 'id', url, scheme: undefined, parameter: () => undefined, data: (name) => data[name] };
}

describe('the cloud of a service connection', () => {
  it('is that of its environment, in any case of its letters', () => {
    assert.equal(cloudOf(connection({ environment: 'AzureCloud' })).authorityHost, 'https://login.microsoftonline.com');
    assert.equal(
      cloudOf(connection({ environment: 'azureusgovernment' })).authorityHost,
      'https://login.microsoftonline.us',
    );
    const china = cloudOf(connection({ environment: 'AzureChinaCloud' }));
    assert.equal(china.resourceManager, 'https://management.chinacloudapi.cn');
  });

  it('is told by its addresses without an environment, else it is the public one', () => {
    assert.equal(cloudOf(connection({}, 'https://management.usgovcloudapi.net/')).name, 'AzureUSGovernment');
    const authority = { activeDirectoryAuthority: 'https://login.chinacloudapi.cn/' };
    assert.equal(cloudOf(connection(authority, 'https://contoso.azurecr.cn')).name, 'AzureChinaCloud');
    assert.equal(cloudOf(connection({}, 'https://contoso.azurecr.io')).name, 'AzureCloud');
    assert.equal(cloudOf(connection({}, 'https://contoso.azurecr.us')).name, 'AzureUSGovernment');
    assert.equal(cloudOf(connection({}, 'no address')).name, 'AzureCloud');
    assert.equal(cloudOf(connection({}, 'https://login.microsoftonline.us.evil.example/')).name, 'AzureCloud');
  });

  it('cannot be another one', async () => {
    assert.equal(
      await refusalOf(() => cloudOf(connection({ environment: 'AzureStack' }))),
      "The service connection's environment is 'AzureStack'; this task works with AzureCloud, AzureUSGovernment, AzureChinaCloud.",
    );
  });
});
