import assert from 'node:assert/strict';
import { startAzure, type Azure, type RoleAssignment } from '../../azure/index.ts';
import { call, codeOf, fieldsOf, type Answer } from './loopback-client.ts';

const host = 'contoso.azurecr.io';
const registryResource = 'https://containerregistry.azure.net';

describe("Azure on loopback: a registry's tokens", () => {
  let azure: Azure;

  beforeEach(async () => {
    azure = await startAzure();
  });
  afterEach(() => azure.close());

  async function exchange(roles: RoleAssignment[], resource = registryResource): Promise<Answer> {
    const { tenantId, clientId, secret } = azure.identities.add({ kind: 'secret', roles });
    const credentials = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    const form = { ...credentials, scope: `${resource}/.default` };
    const answer = await call(azure, `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, { form });
    const token = String(fieldsOf(answer)['access_token']);
    const fields = { grant_type: 'access_token', service: host, tenant: tenantId, access_token: token };
    return call(azure, `https://${host}/oauth2/exchange`, { form: fields });
  }

  /** The status of a request with an access token for this scope. */
  async function attempt(refreshToken: unknown, scope: string, method: string, path: string): Promise<number> {
    const form = { grant_type: 'refresh_token', service: host, scope, refresh_token: String(refreshToken) };
    const answer = await call(azure, `https://${host}/oauth2/token`, { form });
    const Authorization = `Bearer ${String(fieldsOf(answer)['access_token'])}`;
    return (await call(azure, `https://${host}${path}`, { method, headers: { Authorization } })).status;
  }

  function uploadTo(refreshToken: unknown, repository: string): Promise<number> {
    const path = `/v2/${repository}/blobs/uploads/`;
    return attempt(refreshToken, `repository:${repository}:pull,push`, 'POST', path);
  }

  it('lets AcrPush push and AcrPull only pull, and only with a token for the repository', async () => {
    azure.registry(host);
    const push = fieldsOf(await exchange([{ role: 'AcrPush', scope: host }]))['refresh_token'];
    const pull = fieldsOf(await exchange([{ role: 'AcrPull', scope: host }]))['refresh_token'];
    const uploads = '/v2/helm/web/blobs/uploads/';

    assert.equal(await uploadTo(push, 'helm/web'), 202);
    assert.equal(await attempt(push, 'repository:helm/api:pull,push', 'POST', uploads), 401);
    assert.equal(await attempt(push, 'repository:helm/web:pull', 'POST', uploads), 401);
    assert.equal(await uploadTo(pull, 'helm/web'), 401);
    assert.equal(await attempt(pull, 'repository:helm/web:pull', 'GET', '/v2/helm/web/tags/list'), 404);
  });

  it('refuses an identity without a role at the exchange', async () => {
    const registry = azure.registry(host);
    assert.equal((await exchange([])).status, 401);

    registry.settings.exchangeRefusal = 'denied';
    const refusal = await exchange([{ role: 'AcrPush', scope: 'fabrikam.azurecr.io' }]);
    assert.deepEqual([refusal.status, codeOf(refusal)], [403, 'DENIED']);
  });

  it('knows the repository roles alone in ABAC mode, and refuses at the operation only', async () => {
    azure.registry(host, { abac: true });
    const classic = fieldsOf(await exchange([{ role: 'AcrPush', scope: host }]))['refresh_token'];
    const role = 'Container Registry Repository Writer';
    const writer = fieldsOf(await exchange([{ role, scope: host, repositories: 'helm/*' }]))['refresh_token'];

    assert.equal(await uploadTo(classic, 'helm/web'), 401);
    assert.equal(await uploadTo(writer, 'helm/web'), 202);
    assert.equal(await uploadTo(writer, 'images/web'), 401);
  });

  it('takes a token for Azure Resource Manager only while its policy allows that', async () => {
    const roles = [{ role: 'AcrPull', scope: host }];
    const registry = azure.registry(host);
    assert.equal((await exchange(roles, 'https://management.azure.com')).status, 200);

    registry.settings.armAudience = 'disabled';
    assert.equal((await exchange(roles, 'https://management.azure.com')).status, 401);
    assert.equal((await exchange(roles)).status, 200);
  });

  it('challenges with the scope that is missing', async () => {
    azure.registry(host);

    const { status, headers } = await call(azure, `https://${host}/v2/helm/web/manifests/1.0.0`);

    assert.equal(status, 401);
    const realm = `Bearer realm="https://${host}/oauth2/token",service="${host}"`;
    assert.equal(headers['www-authenticate'], `${realm},scope="repository:helm/web:pull"`);
  });

  it('shuts everyone out behind its firewall', async () => {
    azure.registry(host, { firewall: true });

    const answer = await call(azure, `https://${host}/v2/`);

    assert.deepEqual([answer.status, codeOf(answer)], [403, 'DENIED']);
    assert.match(answer.body.toString(), /client with IP '203\.0\.113\.7' is not allowed access/);
  });

  it('lets anyone pull, but not push, where anonymous pull is on', async () => {
    azure.registry(host, { anonymousPull: true });
    const query = new URLSearchParams({ service: host, scope: 'repository:helm/web:pull,push' }).toString();
    const Authorization = `Bearer ${String(fieldsOf(await call(azure, `https://${host}/oauth2/token?${query}`))['access_token'])}`;

    const pull = await call(azure, `https://${host}/v2/helm/web/tags/list`, { headers: { Authorization } });
    const push = await call(azure, `https://${host}/v2/helm/web/blobs/uploads/`, {
      method: 'POST',
      headers: { Authorization },
    });

    assert.deepEqual([pull.status, push.status], [404, 401]);
  });

  it('knows its admin user and its repository-scoped tokens', async () => {
    const scopeMap = { 'helm/*': ['pull'] } as const;
    const tokens = [{ username: 'reader', password: 'r', scopeMap }];
    azure.registry(host, { adminUser: { username: 'contoso', password: 'p' }, tokens });
    const upload = async (user: string): Promise<number> =>
      (await call(azure, `https://${host}/v2/helm/web/blobs/uploads/`, { method: 'POST', headers: basic(user) }))
        .status;

    assert.equal(await upload('contoso:p'), 202);
    assert.equal(await upload('contoso:guess'), 401);
    assert.equal(await upload('reader:r'), 401);
    assert.equal(
      (await call(azure, `https://${host}/v2/helm/web/tags/list`, { headers: basic('reader:r') })).status,
      404,
    );
  });
});

function basic(user: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(user).toString('base64')}` };
}
