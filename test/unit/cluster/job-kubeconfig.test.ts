import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { anything, assert as check, asyncProperty } from 'fast-check';
import { parse, stringify } from 'yaml';
import { clusterOfJob } from '../../../tasks/common/cluster/job-kubeconfig.ts';
import type { OpenCluster } from '../../../tasks/common/cluster/open-cluster.ts';
import { kubeconfigText } from '../../../tasks/common/cluster/write-kubeconfig.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { CertificateAuthority } from '../../azure/certificates/certificate-authority.ts';
import { kubeconfigWith } from '../../bench/kubeconfigs.ts';
import { networkContext } from '../network/network-context.ts';

const authority = new CertificateAuthority();
const admin = authority.clientCredential('admin');
const entry = { server: 'https://10.0.0.1:6443/k8s', 'certificate-authority-data': btoa(authority.certificate) };
const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: './get-token',
  args: ['--client-secret', 'of-args', '--server-id=x'],
  env: [
    { name: 'SERVICE_TOKEN', value: 'of-env' },
    { name: 'AZURE_FEDERATED_TOKEN_FILE', value: '/run/token' },
  ],
  interactiveMode: 'IfAvailable',
  provideClusterInfo: true,
};

describe('the kubeconfig of an earlier step', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'job-kubeconfig-'));
  const file = path.join(folder, 'config');
  const secrets: string[] = [];
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => secrets.splice(0));

  const open = (KUBECONFIG: string | undefined, proxy?: string): Promise<OpenCluster> => {
    const { network } = networkContext(proxy === undefined ? {} : { proxyUrl: new URL(proxy) });
    return clusterOfJob(
      {
        network,
        variable: (name) => (name === 'KUBECONFIG' ? KUBECONFIG : undefined),
        maskSecret: (secret) => void secrets.push(secret),
      },
      { instead: 'run AksCredentials before this step' },
    );
  };
  const opened = (user: Record<string, unknown>, cluster: Record<string, unknown> = {}): Promise<OpenCluster> => {
    writeFileSync(file, kubeconfigWith({ ...entry, ...cluster }, user));
    return open(file);
  };
  const refused = async (user: Record<string, unknown>, cluster: Record<string, unknown>, message: RegExp) => {
    await assert.rejects(opened(user, cluster), (error) => {
      assert.ok(error instanceof TaskError, String(error));
      assert.match(error.message, message);
      return true;
    });
  };

  it('tells a token or a certificate, and where the API server is', async () => {
    const {
      access,
      exec: none,
      proxyUrl,
      context,
    } = await opened({ token: 'of-somebody' }, { 'tls-server-name': 'api' });
    assert.deepEqual(access.user, { kind: 'local', certificate: undefined, token: 'of-somebody' });
    assert.deepEqual(
      [access.server, access.tlsServerName, none, proxyUrl],
      [entry.server, 'api', undefined, undefined],
    );
    assert.equal(access.certificateAuthority, authority.certificate);
    assert.equal(context, 'web');
    const data = { 'client-certificate-data': btoa(admin.certificate), 'client-key-data': btoa(admin.key) };
    const { user } = (await opened(data)).access;
    assert.deepEqual(user, {
      kind: 'local',
      certificate: { pem: admin.certificate, key: admin.key },
      token: undefined,
    });
    assert.ok(secrets.includes('of-somebody') && secrets.includes(admin.key));
  });

  it('may name files: relative ones lie beside it, and links are followed', async () => {
    mkdirSync(path.join(folder, 'pki'), { recursive: true });
    writeFileSync(path.join(folder, 'pki', 'ca.crt'), authority.certificate);
    writeFileSync(path.join(folder, 'pki', 'admin.crt'), admin.certificate);
    writeFileSync(path.join(folder, 'pki', 'admin.key'), admin.key);
    writeFileSync(path.join(folder, 'pki', 'newest'), 'of-a-file\n');
    rmSync(path.join(folder, 'token'), { force: true });
    symlinkSync(path.join('pki', 'newest'), path.join(folder, 'token'));
    const { access } = await opened(
      { 'client-certificate': 'pki/admin.crt', 'client-key': 'pki/admin.key', tokenFile: 'token' },
      { 'certificate-authority-data': undefined, 'certificate-authority': 'pki/ca.crt' },
    );
    assert.equal(access.certificateAuthority, authority.certificate);
    assert.deepEqual(access.user, {
      kind: 'local',
      certificate: { pem: admin.certificate, key: admin.key },
      token: 'of-a-file',
      tokenFile: path.join(folder, 'token'),
    });
    assert.deepEqual(secrets, [admin.key, 'of-a-file']);
  });

  it('may run any program for tokens, by its absolute path, with its environment; what is secret there is told', async () => {
    const cluster = await opened({ exec });
    const { command, args, env } = cluster.exec ?? assert.fail();
    assert.equal(command, path.join(folder, 'get-token'));
    assert.deepEqual(args, exec.args);
    assert.deepEqual(env, { SERVICE_TOKEN: 'of-env', AZURE_FEDERATED_TOKEN_FILE: '/run/token' });
    assert.deepEqual(cluster.access.user, { kind: 'program' });
    assert.deepEqual(secrets, ['of-env', 'of-args']);
    const bare = (await opened({ exec: { ...exec, command: 'node', env: null } })).exec;
    assert.ok(path.isAbsolute(bare?.command ?? ''));
  });

  it('is written anew for helm with all of that, through another proxy', async () => {
    const cluster = await opened(
      { exec },
      { 'tls-server-name': 'api', 'proxy-url': 'http://me:pass%40word@proxy:3128' },
    );
    assert.equal(cluster.proxyUrl, 'http://me:pass%40word@proxy:3128/');
    assert.ok(secrets.includes('pass@word'));
    const text = kubeconfigText(cluster.access, { ...cluster, namespace: 'web', proxyUrl: 'http://127.0.0.1:9/' });
    const written = parse(text) as { clusters: { cluster: object }[]; users: { user: { exec: object } }[] };
    assert.deepEqual(written.clusters[0]?.cluster, {
      ...entry,
      'tls-server-name': 'api',
      'proxy-url': 'http://127.0.0.1:9/',
    });
    assert.deepEqual(written.users[0]?.user.exec, {
      ...exec,
      command: path.join(folder, 'get-token'),
      interactiveMode: 'Never',
    });
  });

  it("tells the tenant and the application of a kubelogin that somebody converted, and the agent's proxy", async () => {
    const args = ['get-token', '--login', 'azurecli', '--server-id', 'aks', '--tenant-id', 'contoso'];
    const command = path.join(folder, 'kubelogin');
    writeFileSync(file, kubeconfigWith(entry, { exec: { ...exec, command, args } }));
    const cluster = await open(file, 'http://proxy:3128');
    assert.deepEqual(cluster.access.user, { kind: 'entra', serverId: 'aks', tenantId: 'contoso' });
    assert.equal(cluster.proxyUrl, 'http://proxy:3128/');
  });

  it('is there, and is one file', async () => {
    const instead = /run AksCredentials before this step/;
    await assert.rejects(open(undefined), (error) => error instanceof TaskError && instead.test(error.message));
    await assert.rejects(open(path.join(folder, 'none')), /no such file: run AksCredentials before this step\.$/);
    await assert.rejects(open(folder), /is no regular file/);
    writeFileSync(file, kubeconfigWith(entry, { token: 't' }));
    await assert.rejects(
      open([file, `${file}2`].join(path.delimiter)),
      /names 2 files .*kubectl config view --flatten/,
    );
    assert.equal((await open(`${path.delimiter}${file}${path.delimiter}`)).context, 'web');
  });

  it('is named where it is unusable, since nobody may know which one the job has', async () => {
    writeFileSync(file, 'apiVersion: v1\nkind: Config\n');
    const message = `The kubeconfig ${file}, which KUBECONFIG names, is unusable: kubeconfig has no current-context.`;
    await assert.rejects(open(file), { name: 'TaskError', message });
  });

  it('is refused when it checks no certificate, or would send the token anywhere', async () => {
    const token = { token: 't' };
    await refused(token, { 'insecure-skip-tls-verify': true }, /switches the check .* off/);
    for (const server of ['http://10.0.0.1', 'https://user:pass@10.0.0.1', 'https://10.0.0.1/?a=b', 'file:///x', 'x']) {
      await refused(token, { server }, /its server is .*; it must be a plain https address/);
    }
    await refused(
      token,
      { 'proxy-url': 'socks5://user:pass@proxy:1080' },
      /proxy-url has the scheme "socks5:"; an http/,
    );
    await refused(token, { 'certificate-authority-data': '' }, /neither certificate-authority-data nor/);
    await refused(token, { 'certificate-authority-data': btoa('x') }, /certificate-authority-data is no certificate/);
    await refused(token, { 'certificate-authority-data': '', 'certificate-authority': 'none' }, /none is not there/);
  });

  it('is refused when nobody can sign in by it in a pipeline', async () => {
    await refused({}, {}, /has no certificate, no token and no program/);
    await refused({ username: 'admin', password: 'p' }, {}, /gave up with 1\.19/);
    await refused({ token: 't', as: 'root' }, {}, /\.as acts as somebody else/);
    await refused({ 'auth-provider': { name: 'azure' } }, {}, /gave up with 1\.26; convert it with kubelogin/);
    await refused({ 'client-key-data': btoa(admin.key) }, {}, /a client certificate or a key without the other/);
    await refused({ exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } }, {}, /v1alpha1.*knows/);
    await refused({ exec: { ...exec, interactiveMode: 'Always' } }, {}, /waits for somebody/);
    await refused({ exec: { ...exec, command: 'no-such-program' } }, {}, /There is no no-such-program on the PATH/);
    for (const args of [['get-token'], ['get-token', '--login', 'devicecode'], ['get-token', '-l=interactive']]) {
      await refused({ exec: { ...exec, command: 'kubelogin', args } }, {}, /kubelogin convert-kubeconfig -l azurecli/);
    }
  });

  it('is read to an answer or to an error for users, whatever it holds', async () => {
    const whatever = anything({ withBigInt: false, withDate: false });
    await check(
      asyncProperty(whatever, whatever, async (one, other) => {
        const text = stringify({
          'current-context': 'web',
          clusters: [{ name: 'web', cluster: one }],
          contexts: [{ name: 'web', context: { cluster: 'web', user: 'someone' } }],
          users: [{ name: 'someone', user: other }],
        });
        writeFileSync(file, text);
        await assert.rejects(open(file), TaskError);
      }),
    );
  });
});
