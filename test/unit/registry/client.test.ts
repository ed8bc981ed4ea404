import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpAnswer, HttpRequest } from '../../../tasks/common/network/index.ts';
import { Repository } from '../../../tasks/common/registry/client/repository.ts';
import { bearerChallenge, RegistryTokens } from '../../../tasks/common/registry/client/tokens.ts';
import { passwordSignIn } from '../../../tasks/common/registry/sign-in.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';

const loginServer = 'contoso.azurecr.io';
const digestOfEmpty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const bearer = `Bearer realm="https://${loginServer}/oauth2/token",service="${loginServer}"`;

interface Told {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A registry that answers as told, by `METHOD path`; what is not told is signed in and found. */
function played(told: Readonly<Record<string, Told>>): {
  repository: Repository;
  tokens: RegistryTokens;
  seen: HttpRequest[];
} {
  const seen: HttpRequest[] = [];
  const usual: Readonly<Record<string, Told>> = {
    'GET /v2/': { status: 401, headers: { 'www-authenticate': bearer } },
    'POST /oauth2/token': { status: 200, body: '{"access_token":"a-token"}' },
  };
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    seen.push(request);
    const { pathname } = new URL(request.url);
    const {
      status,
      headers = {},
      body = '',
    } = told[`${request.method} ${pathname}`] ?? usual[`${request.method} ${pathname}`] ?? { status: 404 };
    return { status, headers: createHttpHeaders(headers), bytes: Buffer.from(body), stream: undefined };
  };
  const signIn = passwordSignIn('someone', 'the-password');
  const tokens = new RegistryTokens(loginServer, signIn, send, () => undefined);
  const senders = { send, sendOnce: send, signal: new AbortController().signal };
  const repository = new Repository({ loginServer, repository: 'helm/app', signIn }, tokens, senders);
  return { repository, tokens, seen };
}

const empty = { digest: digestOfEmpty, size: 0, read: async () => Buffer.alloc(0) };

async function refusal(work: Promise<unknown>): Promise<string> {
  return messageOf(
    await work.then(
      () => 'it was not refused',
      (error: unknown) => error,
    ),
  );
}

/** A token that lives so long, in seconds. */
function life(seconds: number): Told {
  const claims = Buffer.from(`{"iat":1,"exp":${1 + seconds}}`).toString('base64url');
  return { status: 200, body: JSON.stringify({ access_token: `a.${claims}.c` }) };
}

describe('A challenge of a registry', () => {
  it('is read in whatever form it comes', () => {
    const same = { realm: 'https://r/token', service: 'r' };
    for (const header of [
      'Bearer realm="https://r/token",service="r"',
      'bearer service=r, realm="https://r/token"',
      'Basic realm="x", Bearer realm="https://r/token", service="r", scope="repository:a:pull,push", new="1"',
      'Bearer  realm = "https://r/token" , service = "r",realm="https://second"',
    ]) {
      assert.deepEqual(bearerChallenge(header), same, header);
    }
  });

  it('is none without a realm', () => {
    for (const header of ['', 'Basic realm="x"', 'Bearer', 'Bearer service="r"']) {
      assert.equal(bearerChallenge(header), undefined, header);
    }
  });
});

describe('What proves who we are', () => {
  it('goes to the registry itself only, whatever its challenge says', async () => {
    for (const realm of [
      'https://elsewhere.example/token',
      `http://${loginServer}/token`,
      `https://${loginServer}:444/`,
    ]) {
      const headers = { 'www-authenticate': `Bearer realm="${realm}",service="x"` };
      const { repository, seen } = played({ 'GET /v2/': { status: 401, headers } });
      assert.match(await refusal(repository.find('1.2.3', 'pull')), /does not sign clients in the way/);
      assert.deepEqual(
        seen.filter(({ body }) => body !== undefined),
        [],
      );
    }
  });

  it('is not sent on when the registry redirects the token request', async () => {
    const headers = { location: 'https://elsewhere.example/oauth2/token' };
    const { repository, seen } = played({ 'POST /oauth2/token': { status: 307, headers } });
    assert.match(await refusal(repository.find('1.2.3', 'pull')), /HTTP 307/);
    assert.ok(seen.every(({ url }) => new URL(url).host === loginServer));
  });

  it('is asked for once, by all who wait for it, and once more when it is not taken', async () => {
    const { repository, seen } = played({ 'HEAD /v2/helm/app/blobs/x': { status: 200 } });
    await Promise.all([1, 2, 3].map(() => repository.has({ digest: 'x', size: 1 })));
    const tokens = (): number => seen.filter(({ url }) => url.endsWith('/oauth2/token')).length;
    assert.equal(tokens(), 1);
    const refusing = played({ 'GET /v2/helm/app/manifests/1.2.3': { status: 401 } });
    assert.match(await refusal(refusing.repository.find('1.2.3', 'push')), /HTTP 401/);
    assert.equal(refusing.seen.filter(({ url }) => url.endsWith('/oauth2/token')).length, 2);
  });

  it('is renewed once near its end, and once when it is refused, however many hold it', async () => {
    const head = { 'HEAD /v2/helm/app/blobs/x': { status: 200 } };
    const ending = played({ ...head, 'POST /oauth2/token': life(10) });
    const ask = (): Promise<boolean> => ending.repository.has({ digest: 'x', size: 1 });
    await ask();
    await Promise.all(Array.from({ length: 8 }, ask));
    assert.equal(ending.seen.filter(({ url }) => url.endsWith('/oauth2/token')).length, 2);

    const refusing = played({ 'HEAD /v2/helm/app/blobs/x': { status: 401 }, 'POST /oauth2/token': life(3600) });
    await Promise.all(Array.from({ length: 8 }, () => refusing.repository.has({ digest: 'x', size: 1 })));
    assert.ok(refusing.seen.filter(({ url }) => url.endsWith('/oauth2/token')).length <= 3);
  });

  it('cannot bring a line end into a header', async () => {
    const { repository, seen } = played({
      'POST /oauth2/token': { status: 200, body: JSON.stringify({ access_token: 't\r\nx: y' }) },
    });
    assert.match(await refusal(repository.find('1.2.3', 'pull')), /does not sign clients in the way/);
    assert.ok(seen.every(({ headers }) => headers?.['authorization'] === undefined));
  });

  it('is not needed where the registry wants nothing', async () => {
    const { repository, seen } = played({ 'GET /v2/': { status: 200 } });
    assert.equal(await repository.find('1.2.3', 'pull'), undefined);
    assert.ok(seen.every(({ headers }) => headers?.['authorization'] === undefined));
  });

  it('may fail while nobody waits for it', async () => {
    const { tokens, repository } = played({ 'GET /v2/': { status: 500 } });
    tokens.prepare();
    await new Promise((resolve) => setImmediate(resolve));
    assert.match(await refusal(repository.find('1.2.3', 'pull')), /HTTP 500/);
  });
});

describe('Whether a blob is there', () => {
  it('is no, where the registry refuses to tell: the answer to HEAD has no reason in it', async () => {
    for (const status of [403, 404, 405]) {
      const { repository } = played({ 'HEAD /v2/helm/app/blobs/x': { status } });
      assert.equal(await repository.has({ digest: 'x', size: 1 }), false);
    }
  });
});

describe('An upload', () => {
  it('goes on where the registry says, with its query, on its own host only', async () => {
    const put = 'PUT /v2/helm/app/blobs/uploads/7';
    for (const location of [
      '/v2/helm/app/blobs/uploads/7?_state=a%3D',
      `https://${loginServer}/v2/helm/app/blobs/uploads/7?_state=a%3D`,
    ]) {
      const { repository, seen } = played({
        'POST /v2/helm/app/blobs/uploads/': { status: 202, headers: { location } },
        [put]: { status: 201 },
      });
      await repository.upload(empty);
      const { searchParams } = new URL(seen.at(-1)?.url ?? '');
      assert.deepEqual(
        [...searchParams],
        [
          ['_state', 'a='],
          ['digest', digestOfEmpty],
        ],
      );
    }
    for (const location of ['https://elsewhere.example/u/7', '//elsewhere.example/7', `http://${loginServer}/7`, '']) {
      const { repository } = played({ 'POST /v2/helm/app/blobs/uploads/': { status: 202, headers: { location } } });
      assert.match(await refusal(repository.upload(empty)), /without saying where on its own host/);
    }
  });

  it('is not begun anew where the registry is only busy: its requests were sent again by then', async () => {
    for (const busy of [{ status: 429 }, { status: 503, headers: { 'retry-after': '1' } }]) {
      const { repository, seen } = played({ 'POST /v2/helm/app/blobs/uploads/': busy });
      assert.match(await refusal(repository.upload(empty)), new RegExp(`HTTP ${busy.status}`));
      assert.equal(seen.filter(({ url }) => url.endsWith('/uploads/')).length, 1);
    }
  });

  it('is not ended when the file is another one by now', async () => {
    const { repository, seen } = played({
      'POST /v2/helm/app/blobs/uploads/': { status: 202, headers: { location: '/u/7' } },
    });
    const changed = { ...empty, size: 3, read: async () => Buffer.from('new') };
    assert.match(await refusal(repository.upload(changed)), /^The file changed while it was uploaded: sha256:e3b0/);
    assert.equal(seen.filter(({ method }) => method === 'PUT').length, 0);
  });
});

describe('A digest', () => {
  it('is what we computed; another one in the answer is an error, none is not', async () => {
    const tag = 'PUT /v2/helm/app/manifests/1.2.3';
    const said = (digest: string): Record<string, Told> => ({
      [tag]: { status: 201, headers: { 'docker-content-digest': digest } },
    });
    assert.equal(await played(said(digestOfEmpty)).repository.putManifest(Buffer.alloc(0), '1.2.3'), digestOfEmpty);
    assert.equal(
      await played({ [tag]: { status: 201 } }).repository.putManifest(Buffer.alloc(0), '1.2.3'),
      digestOfEmpty,
    );
    const other = `sha256:${'0'.repeat(64)}`;
    assert.match(
      await refusal(played(said(other)).repository.putManifest(Buffer.alloc(0), '1.2.3')),
      new RegExp(`it says ${other} instead of ${digestOfEmpty}`),
    );
  });

  it('that was asked for is the one that must come', async () => {
    const wanted = `sha256:${'1'.repeat(64)}`;
    const { repository } = played({ [`GET /v2/helm/app/manifests/${wanted}`]: { status: 200, body: '{}' } });
    assert.match(await refusal(repository.find(wanted, 'pull')), /does not have the digest it should have/);
  });
});
