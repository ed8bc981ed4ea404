import assert from 'node:assert/strict';
import { identitiesAddress } from '../../../tasks/EnvironmentChecks/caller.ts';

describe('the identities of an organisation', () => {
  for (const [collection, address] of [
    ['https://dev.azure.com/contoso/', 'https://vssps.dev.azure.com/contoso/_apis/identities'],
    ['https://dev.azure.com/contoso', 'https://vssps.dev.azure.com/contoso/_apis/identities'],
    ['https://Contoso.visualstudio.com/', 'https://contoso.vssps.visualstudio.com/_apis/identities'],
    ['https://tfs.contoso.example:8443/tfs/Default/', 'https://tfs.contoso.example:8443/tfs/Default/_apis/identities'],
    ['https://dev.azure.com.contoso.example/x/', 'https://dev.azure.com.contoso.example/x/_apis/identities'],
  ] as const)
    it(`${collection} are asked for at ${address}`, () =>
      assert.equal(
        identitiesAddress({ variable: (name) => (name === 'System.CollectionUri' ? collection : undefined) }),
        address,
      ));
});
