import assert from 'node:assert/strict';
import { contosoTenant, startAzure, type Azure, type Identity } from '../../azure/index.ts';
import { call, fieldsOf, type Answer } from './loopback-client.ts';

const scope = 'https://containerregistry.azure.net/.default';
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('Azure on loopback: signing in', () => {
  let azure: Azure;

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());

  function signIn(
    identity: Identity,
    fields: Record<string, string>,
    host = 'login.microsoftonline.com',
  ): Promise<Answer> {
    const form = { grant_type: 'client_credentials', client_id: identity.clientId, scope, ...fields };
    return call(azure, `https://${host}/${identity.tenantId}/oauth2/v2.0/token`, { form });
  }

  async function federationToken({ serviceConnectionId }: Identity<'federated'>): Promise<string> {
    const url = `${azure.job.oidcRequestUri}?api-version=7.1&serviceConnectionId=${serviceConnectionId}`;
    const headers = { Authorization: `Bearer ${azure.job.accessToken}`, 'X-TFS-FedAuthRedirect': 'Suppress' };
    return String(fieldsOf(await call(azure, url, { method: 'POST', headers }))['oidcToken']);
  }

  it('gives a token for the resource that was asked for', async () => {
    const identity = azure.identities.add({ kind: 'secret' });

    const answer = await signIn(identity, { client_secret: identity.secret });

    const [, claims = ''] = String(fieldsOf(answer)['access_token']).split('.');
    const { aud, oid, tid } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    assert.deepEqual([aud, oid, tid], ['https://containerregistry.azure.net', identity.objectId, contosoTenant]);
  });

  it('refuses a wrong secret, an unknown application, tenant or resource', async () => {
    const identity = azure.identities.add({ kind: 'secret' });
    const { secret } = identity;

    assertRefused(await signIn(identity, { client_secret: 'guess' }), 7000215);
    assertRefused(await signIn(identity, { client_id: identity.objectId, client_secret: secret }), 700016);
    assertRefused(await signIn({ ...identity, tenantId: identity.objectId }, { client_secret: secret }), 90002);
    assertRefused(await signIn(identity, { client_secret: secret, scope: 'https://x.azurecr.io/.default' }), 500011);
  });

  it('refuses a tenant at the authority of another cloud', async () => {
    const tenantId = '10000000-0000-4000-8000-000000000000';
    const identity = azure.identities.add({ kind: 'secret', cloud: 'AzureUSGovernment', tenantId });

    assertRefused(await signIn(identity, { client_secret: identity.secret }), 90002);
    const answer = await signIn(identity, { client_secret: identity.secret }, 'login.microsoftonline.us');
    assert.equal(answer.status, 200);
  });

  it('takes a federation token of the service connection, while it is fresh', async () => {
    const [identity, other] = [
      azure.identities.add({ kind: 'federated' }),
      azure.identities.add({ kind: 'federated' }),
    ];
    const sign = async (token: string): Promise<Answer> =>
      signIn(identity, { client_assertion_type: jwtBearer, client_assertion: token });

    assert.equal((await sign(await federationToken(identity))).status, 200);
    assertRefused(await sign(await federationToken(other)), 700213);
    azure.job.oidcTokenLife = -1;
    assertRefused(await sign(await federationToken(identity)), 700024);
    azure.job.oidcTokenLife = 600;
  });

  it('sends a caller with a bad job token to the sign-in page, unless it asks not to', async () => {
    const Authorization = 'Bearer expired';

    const page = await call(azure, azure.job.oidcRequestUri, { method: 'POST', headers: { Authorization } });
    const headers = { Authorization, 'X-TFS-FedAuthRedirect': 'Suppress' };
    const refusal = await call(azure, azure.job.oidcRequestUri, { method: 'POST', headers });

    assert.equal(page.status, 302);
    assert.equal(refusal.status, 401);
    assert.equal(fieldsOf(refusal)['typeKey'], 'UnauthorizedRequestException');
  });
});

function assertRefused(answer: Answer, code: number): void {
  assert.ok(answer.status >= 400);
  assert.deepEqual(fieldsOf(answer)['error_codes'], [code]);
  assert.match(String(fieldsOf(answer)['error_description']), new RegExp(`^AADSTS${code}: `));
}
