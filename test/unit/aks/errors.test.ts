import assert from 'node:assert/strict';
import { explainCredentialRefusal } from '../../../tasks/common/aks/errors.ts';

describe('a refusal of Azure Resource Manager', () => {
  const request = {
    subscriptionId: { input: 'subscriptionId', value: '11111111-2222-4333-8444-555555555555' },
    resourceGroup: { input: 'resourceGroup', value: 'rg' },
    cluster: { input: 'cluster', value: 'contoso-qa' },
    admin: { input: 'useClusterAdmin', value: false },
    serverFqdn: { input: 'serverFqdn', value: undefined },
  };
  const refusal = (fields: object): string =>
    explainCredentialRefusal(Object.assign(new Error('Some text.\nMore.'), fields), request, 'management.azure.com')
      .message;

  it('of a token of another tenant names the subscription', () => {
    const message = refusal({ statusCode: 401, code: 'InvalidAuthenticationTokenTenant' });
    assert.match(message, /does not accept the service connection's token .*tenant.* 11111111-2222/);
  });

  it('that is not known here is told in its own words, in one line', () => {
    assert.equal(
      refusal({ statusCode: 409, code: 'OperationNotAllowed' }),
      'management.azure.com gave no credential for cluster contoso-qa (HTTP 409, OperationNotAllowed): Some text.',
    );
  });

  it('that never came tells the network error', () => {
    assert.match(
      refusal({ code: 'ENOTFOUND' }),
      /could not be asked for the credential of cluster contoso-qa: Some text\./,
    );
  });
});
