import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiRefusal, type ClientOptions, KubernetesClient } from '../../../tasks/common/cluster/client.ts';
import { type ExecOptions, ToolFailure } from '../../../tasks/common/task/exec.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { atOnce, clientContext, json, pod, refusal, SmallApiServer } from './small-api-server.ts';

const path = '/api/v1/namespaces/web/pods/shop';
const exec = { command: '/opt/kubelogin', args: ['get-token'], env: {} };

/** A credential as kubelogin prints it. */
const printed = (token: string, endsAt?: number): string =>
  JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    status: { token, ...(endsAt !== undefined && { expirationTimestamp: new Date(endsAt).toISOString() }) },
  });

const minute = 60_000;

const list = (next: string) =>
  json(200, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: next }, items: [] });

describe('the token of an exec entry', () => {
  const server = new SmallApiServer();
  before(() => server.start());
  after(() => server.stop());

  let now = 0;
  let runs = 0;
  beforeEach(() => {
    [now, runs] = [0, 0];
    server.answers(json(200, pod('shop')));
  });

  const clientWith = (program: () => string, options: ClientOptions = {}) => {
    const context = clientContext(() => {
      runs += 1;
      return program();
    });
    const { access } = server.cluster();
    const user = { kind: 'entra', serverId: 'aks', tenantId: 'contoso' } as const;
    const cluster = { ...server.cluster({ exec }), access: { ...access, user } };
    return { context, client: new KubernetesClient(cluster, context, { ...atOnce, now: () => now, ...options }) };
  };
  const tokens = (): (string | undefined)[] =>
    server.asked.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));

  it('is asked for once, for all who ask at the same time, and is a secret', async () => {
    const { client, context } = clientWith(() => printed(`token-${runs}`, 60 * minute));
    await Promise.all([client.get(path), client.get(path), client.get(path)]);
    await client.get(path);
    assert.deepEqual(tokens(), Array(4).fill('token-1'));
    assert.deepEqual(context.secrets, ['token-1']);
  });

  it('without an end is kept until it is refused', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`));
    await client.get(path);
    now = 1e9;
    await client.get(path);
    assert.deepEqual(tokens(), ['token-1', 'token-1']);
  });

  it('that ends soon is renewed while it still serves, so that nobody waits', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`, now + 60 * minute));
    await client.get(path);
    now = 56 * minute;
    await client.get(path);
    await client.get(path);
    assert.deepEqual(tokens(), ['token-1', 'token-1', 'token-2']);
    assert.equal(runs, 2);
  });

  it('that ended is not sent: the request waits for a new one', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`, now + 60 * minute));
    await client.get(path);
    now = 61 * minute;
    await client.get(path);
    assert.deepEqual(tokens(), ['token-1', 'token-2']);
  });

  it('that ended between two pages of a list, or before a watch, is renewed', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`, now + 60 * minute));
    server.answers(list('more'), list(''), (response) => response.end());
    const pages = client.pages('/api/v1/pods');
    while ((await pages.next()).done !== true) now += 70 * minute;
    const { done } = await client.watch('/api/v1/pods', { resourceVersion: '7' }).next();
    assert.equal(done, true);
    assert.deepEqual(tokens(), ['token-1', 'token-2', 'token-3']);
  });

  it('that is refused is renewed once, in all kinds of requests', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`));
    server.answers(refusal(401, 'Unauthorized'), json(201, pod('shop')));
    await client.create('/api/v1/namespaces/web/pods', pod('shop'));
    assert.deepEqual(tokens(), ['token-1', 'token-2']);
    assert.deepEqual(server.asked[0]?.body, server.asked[1]?.body);
    server.answers(refusal(401, 'Unauthorized'), json(200, pod('shop')));
    const watch = client.watch('/api/v1/pods', { resourceVersion: '7' });
    await assert.rejects(watch.next(), /something else than the events of a watch/);
    assert.deepEqual(tokens(), ['token-2', 'token-3']);
  });

  it('that is refused again ends in words about the sign-in', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`));
    server.answers(refusal(401, 'Unauthorized'));
    await assert.rejects(client.get(path), (error) => {
      assert.ok(error instanceof ApiRefusal && error.status === 401);
      assert.match(
        error.message,
        /does not accept the identity's token \(HTTP 401\): the cluster takes tokens of tenant contoso/,
      );
      return true;
    });
    assert.equal(runs, 2);
  });

  it('is refused to many at once, and the program runs once', async () => {
    const { client } = clientWith(() => printed(`token-${runs}`));
    await client.get(path);
    server.answers((response, asked) =>
      asked.headers.authorization === 'Bearer token-2'
        ? json(200, pod('shop'))(response, asked)
        : refusal(401, 'Unauthorized')(response, asked),
    );
    await Promise.all([1, 2, 3, 4].map(() => client.get(path)));
    assert.equal(runs, 2);
  });

  it('still serves when its renewal fails; without one the failure is told', async () => {
    const { client } = clientWith(() => {
      if (runs > 1)
        throw new ToolFailure('kubelogin failed', 1, '', 'Error: AADSTS700016: no such application.\nTrace');
      return printed('token-1', 60 * minute);
    });
    await client.get(path);
    now = 58 * minute;
    await client.get(path);
    await client.get(path);
    assert.deepEqual(tokens(), ['token-1', 'token-1', 'token-1']);
    now = 60 * minute;
    await assert.rejects(client.get(path), (error) => error instanceof TaskError && /AADSTS700016/.test(error.message));
  });

  it('comes from a program that is told what kubectl would tell it', async () => {
    const told: unknown[] = [];
    const context = {
      ...clientContext(),
      exec: async (command: string, args: readonly string[], options: ExecOptions = {}) => {
        told.push([command, args], JSON.parse(options.env?.['KUBERNETES_EXEC_INFO'] ?? ''), options.env?.['MINE']);
        return { stdout: printed('token-1'), stderr: '' };
      },
    };
    const { access } = server.cluster();
    const apiVersion = 'client.authentication.k8s.io/v1';
    const entry = { ...exec, env: { MINE: 'kept' }, apiVersion, provideClusterInfo: true };
    const cluster = server.cluster({ exec: entry, access: { ...access, user: { kind: 'program' } } });
    await new KubernetesClient(cluster, context, atOnce).get(path);
    const about = {
      server: access.server,
      'certificate-authority-data': btoa(access.certificateAuthority),
    };
    const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false, cluster: about } };
    assert.deepEqual(told, [['/opt/kubelogin', ['get-token']], info, 'kept']);
    server.answers(refusal(401, 'Unauthorized'));
    await assert.rejects(
      new KubernetesClient(cluster, context, atOnce).get(path),
      /does not accept the token of \/opt\/kubelogin \(HTTP 401\): check whom it signs in as/,
    );
  });

  it('in a file is the one that is there at each request, and is told once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-file-'));
    try {
      const tokenFile = join(folder, 'token');
      const { access } = server.cluster();
      const user = { kind: 'local', certificate: undefined, token: 'token-0', tokenFile } as const;
      const context = clientContext();
      const client = new KubernetesClient(server.cluster({ access: { ...access, user } }), context, atOnce);
      for (const token of ['token-1', 'token-1', 'token-2']) {
        writeFileSync(tokenFile, `${token}\n`);
        await client.get(path);
      }
      assert.deepEqual(tokens(), ['token-1', 'token-1', 'token-2']);
      assert.deepEqual(context.secrets, ['token-1', 'token-2']);
      writeFileSync(tokenFile, 'two words');
      await assert.rejects(client.get(path), /its tokenFile \S+ holds no token/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is one that the program printed', async () => {
    for (const text of ['no JSON', '[]', '{}', '{"status":{"token":7}}', '{"status":{"token":""}}']) {
      await assert.rejects(clientWith(() => text).client.get(path), TaskError);
    }
    assert.deepEqual(server.asked, []);
  });
});
