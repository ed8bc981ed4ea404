import assert from 'node:assert/strict';
import type { AzureCredential } from '../../../tasks/common/azure/index.ts';
import { azureSignIn, type TokenExchange } from '../../../tasks/common/registry/sign-in.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';

const credential: AzureCredential = {
  cloud: {
    name: 'AzureCloud',
    authorityHost: 'https://entra.example',
    resourceManager: 'https://arm.example',
    registrySuffix: '.azurecr.io',
  },
  tenantId: 'a-tenant',
  getToken: async (scopes) => ({ token: `token for ${String(scopes)}`, expiresOnTimestamp: Infinity }),
};

/** An exchange whose tokens live for these minutes, one after the other; counts what it is asked. */
function exchange(...minutes: number[]): TokenExchange & { asked: string[] } {
  const asked: string[] = [];
  const give: TokenExchange = async (accessToken) => {
    const life = minutes[asked.push(accessToken) - 1];
    if (life === undefined) throw new Error('no more tokens');
    return { token: `refresh ${asked.length}`, expires: new Date(Date.now() + life * 60_000) };
  };
  return Object.assign(give, { asked });
}

/** Entra ID refuses the registry's audience with this code, and takes that of Azure Resource Manager. */
function refusing(code: string): AzureCredential {
  return {
    ...credential,
    getToken: async (scopes) => {
      if (String(scopes).includes('arm.example')) return credential.getToken(scopes);
      throw Object.assign(new TaskError('Entra ID refused'), { cause: new Error(`AADSTS${code}: no`) });
    },
  };
}

describe('The sign-in of an Azure identity to a registry', () => {
  it('is made once, however many ask for it at the same time', async () => {
    const tokens = exchange(180);
    const signIn = azureSignIn(credential, tokens);
    const proofs = await Promise.all(Array.from({ length: 8 }, () => signIn.proof()));
    assert.deepEqual(new Set(proofs.map((fields) => fields?.['refresh_token'])), new Set(['refresh 1']));
    assert.equal(tokens.asked.length, 1);
  });

  it('is renewed once when its end is near', async () => {
    const tokens = exchange(4, 180);
    const signIn = azureSignIn(credential, tokens);
    await signIn.proof();
    const proofs = await Promise.all(Array.from({ length: 8 }, () => signIn.proof()));
    assert.deepEqual(new Set(proofs.map((fields) => fields?.['refresh_token'])), new Set(['refresh 2']));
    assert.equal(tokens.asked.length, 2);
  });

  it('is tried again after a failure', async () => {
    const tokens = exchange();
    const signIn = azureSignIn(credential, tokens);
    await assert.rejects(signIn.proof(), /no more tokens/);
    await assert.rejects(signIn.proof(), /no more tokens/);
    assert.equal(tokens.asked.length, 2);
  });

  it('falls back to Azure Resource Manager only where the tenant lacks the registry', async () => {
    const tokens = exchange(180);
    await azureSignIn(refusing('500011'), tokens).proof();
    assert.deepEqual(tokens.asked, ['token for https://arm.example/.default']);
    await assert.rejects(azureSignIn(refusing('7000215'), exchange(180)).proof(), /Entra ID refused/);
  });
});
