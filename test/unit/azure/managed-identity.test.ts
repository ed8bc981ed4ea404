import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { managedIdentity } from '../../../tasks/common/azure/managed-identity.ts';
import { type Azure, startAzure } from '../../azure/index.ts';
import { refusalOf } from '../chart/refusal.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';
import { networkContext } from '../network/network-context.ts';

const scope = 'https://management.azure.com/.default';

describe('A managed identity', () => {
  const scratch = new ScratchFolder();
  let azure: Azure;
  before(async () => {
    azure = await startAzure();
    azure.identities.add({ kind: 'managed', systemAssigned: true });
  });
  after(() => azure.close());

  const masked: string[] = [];
  const context = () => ({
    ...networkContext({ proxyUrl: new URL(azure.proxyUrl), bypassesProxy: (url) => url.hostname === '127.0.0.1' }),
    maskSecret: (secret: string) => void masked.push(secret),
  });

  it('gets its token from the metadata service, by its client id where it has one', async () => {
    const { clientId } = azure.identities.add({ kind: 'managed' });
    const own = await managedIdentity(undefined, { kind: 'metadata' }, context()).getToken(scope);
    const named = await managedIdentity(clientId, { kind: 'metadata' }, context()).getToken(scope);
    assert.match(own?.token ?? '', /^ey/);
    assert.ok((own?.expiresOnTimestamp ?? 0) > Date.now());
    assert.notEqual(named?.token, own?.token);
    const asked = azure.requests.filter(({ path: where }) => where.endsWith('/oauth2/token'));
    assert.deepEqual(
      asked.map(({ query }) => query.get('client_id')),
      [null, clientId],
    );
  });

  it('is proven on a server of Azure Arc by a key that only its users can read', async () => {
    const folder = scratch.fresh('tokens');
    azure.arcAgent(folder);
    const source = { kind: 'arc', endpoint: `${azure.managedIdentityUrl}/metadata/identity/oauth2/token` } as const;
    const token = await managedIdentity(undefined, source, context(), folder).getToken(scope);
    assert.match(token?.token ?? '', /^ey/);
    assert.equal(masked.length, 1);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('of another folder than the one for keys is not read', async () => {
    const folder = scratch.fresh('elsewhere');
    azure.arcAgent(folder);
    const source = { kind: 'arc', endpoint: `${azure.managedIdentityUrl}/metadata/identity/oauth2/token` } as const;
    const message = await refusalOf(() =>
      managedIdentity(undefined, source, context(), scratch.fresh('tokens')).getToken(scope),
    );
    assert.match(message, /names the key '.*\.key', which is no \.key file in .*nothing was read/);
  });

  it('of a server of Azure Arc has no client id', async () => {
    const source = { kind: 'arc', endpoint: 'http://localhost:40342/' } as const;
    const message = await refusalOf(() => managedIdentity('a-client-id', source, context()));
    assert.match(message, /own \(system-assigned\) identity only: leave the client id of the service connection empty/);
  });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

const nothing: Answer = (_request, response) => response.end();
const directly = () => ({ ...networkContext(), maskSecret: () => undefined });

describe('What a managed identity is answered', () => {
  const scratch = new ScratchFolder();
  let server: Server;
  let endpoint = '';
  let answer = nothing;
  before(async () => {
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    endpoint = `http://127.0.0.1:${address.port}/token`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const asApp = () =>
    managedIdentity(undefined, { kind: 'app', endpoint, header: 'the-header' }, directly()).getToken(scope);
  const says = (status: number, body: unknown) => {
    answer = (_request, response) => response.writeHead(status).end(JSON.stringify(body));
  };

  it('is a token with its end, for the header that the app has', async () => {
    let asked: IncomingMessage | undefined;
    answer = (request, response) => {
      asked = request;
      response.end(JSON.stringify({ access_token: 'a-token', expires_on: '1800000000' }));
    };
    assert.deepEqual(await asApp(), { token: 'a-token', expiresOnTimestamp: 1_800_000_000_000 });
    assert.equal(asked?.headers['x-identity-header'], 'the-header');
    assert.equal(asked?.url, '/token?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com');
  });

  it('says to name one of several', async () => {
    const said = 'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity';
    says(400, { error: 'invalid_request', error_description: said });
    assert.match(await refusalOf(asApp), /has several, so put the client id of the one that is meant into the service/);
  });

  it('says where such an identity is, when there is none', async () => {
    says(400, { error: 'invalid_request', error_description: 'Identity not found' });
    assert.match(await refusalOf(asApp), /could not sign in \(Identity not found\): assign this identity to the app/);
    answer = (_request, response) => response.end('<html>');
    assert.match(await refusalOf(asApp), /could not sign in \(HTTP 200\)/);
  });

  it("keeps Entra ID's own reason", async () => {
    says(400, { error: 'invalid_resource', error_description: 'AADSTS500011: The resource principal was not found.' });
    await assert.rejects(asApp(), { name: 'Error', message: /^AADSTS500011/ });
  });

  it('cannot have a link read, or a file that is too large, as a key', async () => {
    const folder = scratch.fresh('tokens');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'secret'), 'of somebody');
    symlinkSync(path.join(folder, 'secret'), path.join(folder, 'link.key'));
    writeFileSync(path.join(folder, 'large.key'), Buffer.alloc(4097));
    const source = { kind: 'arc', endpoint } as const;
    for (const key of ['link.key', 'large.key', 'missing.key', '../tokens2/a.key', 'secret']) {
      answer = (request, response) => {
        assert.equal(request.headers['authorization'], undefined);
        response.writeHead(401, { 'www-authenticate': `Basic realm=${folder}/${key}` }).end();
      };
      const message = await refusalOf(() => managedIdentity(undefined, source, directly(), folder).getToken(scope));
      assert.match(message, /cannot be read .*group himds|nothing was read/, key);
    }
  });
});
