import assert from 'node:assert/strict';
import { startAzure, type Azure, type Cluster, type Identity } from '../../azure/index.ts';
import { ClusterClient } from './cluster-client.ts';
import { call, fieldsOf, type Answer } from './loopback-client.ts';

const audience = '6dae42f8-4368-4678-94ff-3960e28e3630';
const reader = 'Azure Kubernetes Service RBAC Reader';

describe('the played AKS', () => {
  let azure: Azure;
  let cluster: Cluster;
  let identity: Identity<'secret'>;

  before(async () => {
    azure = await startAzure();
  });
  after(() => azure.close());
  beforeEach(() => {
    cluster = azure.cluster(`contoso-${azure.requests.length}`);
    identity = azure.identities.add({ kind: 'secret', roles: [{ role: reader, scope: cluster.name }] });
  });

  async function token(resource = audience, holder: Identity<'secret'> = identity): Promise<string> {
    const url = `https://login.microsoftonline.com/${holder.tenantId}/oauth2/v2.0/token`;
    const { clientId, secret } = holder;
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: `${resource}/.default`,
    };
    return String(fieldsOf(await call(azure, url, { form }))['access_token']);
  }

  /** The API server has an authority of its own. */
  const ask = (path: string, bearer: string): Promise<Answer> =>
    call(
      azure,
      `https://${cluster.fqdn}${path}`,
      { headers: { Authorization: `Bearer ${bearer}` } },
      cluster.authority.certificate,
    );

  it('accepts tokens for its application, and no others', async () => {
    assert.equal((await ask('/version', await token())).status, 200);
    const forManagement = await token('https://management.azure.com');
    for (const refused of [forManagement, `${(await token()).slice(0, -8)}forgedxx`, 'nonsense']) {
      const answer = await ask('/version', refused);
      assert.equal(answer.status, 401);
      assert.equal(fieldsOf(answer)['kind'], 'Status');
    }
  });

  it('refuses tokens of other tenants and those that have expired', async () => {
    const tenantId = 'fab00000-0001-4000-8000-00000c0a7050';
    const stranger = azure.identities.add({ kind: 'secret', tenantId, roles: identity.roles });
    assert.equal((await ask('/version', await token(audience, stranger))).status, 401);
    const held = await token();
    azure.accessTokens.expireAll();
    assert.equal((await ask('/version', held)).status, 401);
    assert.equal((await ask('/version', await token())).status, 200);
  });

  it('lets everyone do what their Azure roles say', async () => {
    const held = await token();
    assert.equal((await ask('/api/v1/namespaces/web/pods', held)).status, 200);
    const refused = await ask('/api/v1/namespaces/web/secrets', held);
    assert.equal(refused.status, 403);
    assert.match(
      String(fieldsOf(refused)['message']),
      new RegExp(`^secrets is forbidden: User "${identity.objectId}" cannot list resource "secrets"`),
    );
    identity.roles.splice(0, 1, { role: reader, scope: `${cluster.name}/namespaces/web` });
    assert.equal((await ask('/api/v1/namespaces/web/pods', held)).status, 200);
    assert.equal((await ask('/api/v1/pods', held)).status, 403);
  });

  it('lets writers write what runs, and leave namespaces and roles alone', async () => {
    const writer = 'Azure Kubernetes Service RBAC Writer';
    identity.roles.splice(0, 1, { role: writer, scope: `${cluster.name}/namespaces/web` });
    const client = new ClusterClient(azure, cluster, await token());
    const create = async (path: string) => (await client.ask('POST', path, { metadata: { name: 'web' } })).status;
    const leases = '/apis/coordination.k8s.io/v1/namespaces/web/leases';
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/web/roles';
    assert.equal(await create('/api/v1/namespaces'), 403);
    assert.equal((await client.ask('GET', '/api/v1/namespaces/web')).status, 404, 'it may look for its own namespace');
    assert.equal((await client.ask('GET', '/api/v1/namespaces/other')).status, 403);
    assert.equal((await client.ask('GET', '/api/v1/nodes')).status, 403, 'nodes are of no namespace');
    identity.roles.push({ role: 'Azure Kubernetes Service RBAC Cluster Admin', scope: cluster.name });
    assert.equal(await create('/api/v1/namespaces'), 201);
    assert.equal((await client.ask('GET', '/api/v1/nodes')).body.items?.length, 1);
    identity.roles.pop();
    assert.deepEqual([await create(leases), await create(roles)], [201, 403]);
    assert.equal((await client.ask('DELETE', `${leases}/web`)).status, 200);
    assert.equal(await create('/apis/coordination.k8s.io/v1/namespaces/default/leases'), 403);
  });

  it('is described by Entra as an API server needs it to check tokens by itself', async () => {
    const base = `https://login.microsoftonline.com/${identity.tenantId}`;
    const configuration = fieldsOf(await call(azure, `${base}/.well-known/openid-configuration`));
    assert.equal(configuration['issuer'], `https://sts.windows.net/${identity.tenantId}/`);
    const { keys } = fieldsOf(await call(azure, String(configuration['jwks_uri']))) as { keys: { kid: string }[] };
    const [header = '', claims = ''] = (await token())
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    assert.equal((JSON.parse(header) as { kid: string }).kid, keys[0]?.kid);
    const { aud, iss, oid } = JSON.parse(claims) as Record<string, unknown>;
    assert.deepEqual({ aud, iss, oid }, { aud: audience, iss: configuration['issuer'], oid: identity.objectId });
  });
});
