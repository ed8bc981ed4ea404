import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { startAzure, type Azure, type EmulatedRegistry } from '../../azure/index.ts';
import { call, codeOf, fieldsOf, type Answer } from './loopback-client.ts';

const host = 'contoso.azurecr.io';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

describe("Azure on loopback: a registry's content", () => {
  let azure: Azure;
  let registry: EmulatedRegistry;

  beforeEach(async () => {
    azure = await startAzure();
    registry = azure.registry(host, { adminUser: { username: 'contoso', password: 'p' } });
  });
  afterEach(() => azure.close());

  function ask(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const Authorization = `Basic ${Buffer.from('contoso:p').toString('base64')}`;
    const content = body === undefined ? {} : { body };
    return call(azure, new URL(path, `https://${host}`).href, {
      method,
      headers: { Authorization, ...headers },
      ...content,
    });
  }

  async function begin(): Promise<string> {
    return String((await ask('POST', '/v2/helm/web/blobs/uploads/')).headers.location);
  }

  it('takes a blob in chunks, and only if it is what its digest says', async () => {
    const [first, second] = [randomBytes(70_000), randomBytes(30_000)];
    const digest = digestOf(Buffer.concat([first, second]));
    const afterFirst = String((await ask('PATCH', await begin(), first)).headers.location);

    const finished = await ask('PUT', `${afterFirst}&digest=${digest}`, second);

    assert.deepEqual([finished.status, finished.headers['docker-content-digest']], [201, digest]);
    assert.equal((await ask('HEAD', `/v2/helm/web/blobs/${digest}`)).headers['content-length'], '100000');
    const refused = await ask('PUT', `${await begin()}&digest=${digest}`, first);
    assert.deepEqual([refused.status, codeOf(refused)], [400, 'DIGEST_INVALID']);
    assert.equal(registry.openUploads, 0);
  });

  it('refuses a chunk at the location of an earlier one', async () => {
    const location = await begin();
    await ask('PATCH', location, randomBytes(10));

    assert.equal((await ask('PATCH', location, randomBytes(10))).status, 416);
  });

  it('sends the download to the storage account, where a second authorization is a mistake', async () => {
    const bytes = randomBytes(1000);
    const digest = await registry.seedBlob('helm/web', bytes);

    const { status, headers } = await ask('GET', `/v2/helm/web/blobs/${digest}`);
    const link = String(headers.location);

    assert.equal(status, 307);
    assert.deepEqual((await call(azure, link)).body, bytes);
    assert.equal((await call(azure, link, { headers: { Authorization: 'Bearer x' } })).status, 400);
    const part = await call(azure, link, { headers: { Range: 'bytes=900-' } });
    assert.deepEqual([part.status, part.headers['content-range']], [206, 'bytes 900-999/1000']);
    assert.deepEqual(part.body, bytes.subarray(900));
    assert.equal((await call(azure, link.replace('sig=', 'sig=x'))).status, 403);
  });

  it('hits the download at the storage account with the faults of the registry', async () => {
    const bytes = randomBytes(1000);
    const digest = await registry.seedBlob('helm/web', bytes);
    registry.fault({ kind: 'tamper', match: ({ host: asked }) => asked.endsWith('.blob.core.windows.net') });

    const link = String((await ask('GET', `/v2/helm/web/blobs/${digest}`)).headers.location);

    assert.notDeepEqual((await call(azure, link)).body, bytes);
    assert.deepEqual((await call(azure, link)).body, bytes);
  });

  it('takes a manifest whose blobs it has, and serves it to who names its type', async () => {
    const digest = await registry.seedBlob('helm/web', Buffer.from('{}'));
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: { digest }, layers: [] }));
    const put = (path: string, bytes: Buffer): Promise<Answer> =>
      ask('PUT', path, bytes, { 'Content-Type': manifestType });

    assert.equal((await put('/v2/helm/web/manifests/1.0.0', manifest)).status, 201);
    assert.equal(codeOf(await put('/v2/helm/api/manifests/1.0.0', manifest)), 'MANIFEST_BLOB_UNKNOWN');
    assert.equal(codeOf(await put('/v2/helm/web/manifests/1.0.0+b', manifest)), 'TAG_INVALID');
    assert.equal((await ask('GET', '/v2/helm/web/manifests/1.0.0', undefined, { Accept: '*/*' })).status, 404);
    const answer = await ask('GET', '/v2/helm/web/manifests/1.0.0', undefined, { Accept: manifestType });
    assert.deepEqual(answer.body, manifest);
    assert.equal((await registry.manifest('helm/web', '1.0.0'))?.digest, digestOf(manifest));
  });

  it('tells an unknown tag from an unknown repository', async () => {
    registry.seedManifest('helm/web', '1.0.0', {});
    const Accept = manifestType;

    assert.equal(codeOf(await ask('GET', '/v2/helm/web/manifests/2.0.0', undefined, { Accept })), 'MANIFEST_UNKNOWN');
    assert.equal(codeOf(await ask('GET', '/v2/helm/api/manifests/1.0.0', undefined, { Accept })), 'NAME_UNKNOWN');
  });

  it('lists tags page by page', async () => {
    for (const tag of ['1.0.0', '1.1.0', '1.2.0']) registry.seedManifest('helm/web', tag, { tag });

    const first = await ask('GET', '/v2/helm/web/tags/list?n=2');
    const next = /<(.+)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? '';
    const second = await ask('GET', next);

    assert.deepEqual(fieldsOf(first), { name: 'helm/web', tags: ['1.0.0', '1.1.0'] });
    assert.deepEqual(fieldsOf(second)['tags'], ['1.2.0']);
    assert.equal(second.headers.link, undefined);
  });

  it('keeps what took effect when only the answer is lost', async () => {
    const manifest = Buffer.from('{"schemaVersion":2}');
    registry.fault({ kind: 'lostAnswer', match: ({ method }) => method === 'PUT' });

    const lost = ask('PUT', '/v2/helm/web/manifests/1.0.0', manifest, { 'Content-Type': manifestType });

    await assert.rejects(lost, /socket hang up|ECONNRESET/);
    assert.deepEqual(await registry.tags('helm/web'), ['1.0.0']);
  });

  it('stops after a number of requests, until that is lifted', async () => {
    const stop = registry.stopAfter(1);

    assert.equal((await ask('GET', '/v2/')).status, 200);
    await assert.rejects(ask('GET', '/v2/'));
    await assert.rejects(ask('GET', '/v2/'));
    stop.lift();
    assert.equal((await ask('GET', '/v2/')).status, 200);
  });
});

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
