import assert from 'node:assert/strict';
import { anything, assert as check, property } from 'fast-check';
import { parse, stringify } from 'yaml';
import { readKubeconfig } from '../../../tasks/common/cluster/read-kubeconfig.ts';
import { kubeconfigText } from '../../../tasks/common/cluster/write-kubeconfig.ts';
import { TaskError } from '../../../tasks/common/task/outcome.ts';
import { type Azure, type Cluster, startAzure } from '../../azure/index.ts';
import { clusterEntry, deviceCodeUser, kubeconfigWith } from '../../bench/kubeconfigs.ts';

const serverId = '6dae42f8-4368-4678-94ff-3960e28e3630';

describe('a kubeconfig of Azure Resource Manager', () => {
  let azure: Azure;
  let cluster: Cluster;
  before(async () => {
    azure = await startAzure();
    cluster = azure.cluster('contoso-qa');
  });
  after(() => azure.close());

  it('tells the cluster and the Entra user of its current context', () => {
    assert.deepEqual(readKubeconfig(kubeconfigWith(clusterEntry(cluster))), {
      cluster: 'web',
      userName: 'someone',
      server: `https://${cluster.fqdn}:443`,
      certificateAuthority: cluster.authority.certificate,
      user: { kind: 'entra', serverId, tenantId: 'contoso' },
    });
  });

  it('tells an Entra user in the form of older clusters as well', () => {
    const config = { 'apiserver-id': serverId, 'client-id': 'kubectl', 'config-mode': '1', 'tenant-id': 'contoso' };
    const text = kubeconfigWith(clusterEntry(cluster), { 'auth-provider': { name: 'azure', config } });
    assert.deepEqual(readKubeconfig(text).user, { kind: 'entra', serverId, tenantId: 'contoso' });
  });

  it('tells a local account by certificate, by token or by both', () => {
    const { certificate, key, token } = cluster.admin;
    const data = { 'client-certificate-data': btoa(certificate), 'client-key-data': btoa(key) };
    const userOf = (user: Record<string, unknown>): unknown =>
      readKubeconfig(kubeconfigWith(clusterEntry(cluster), user)).user;
    const pair = { pem: certificate, key };
    assert.deepEqual(userOf({ ...data, token }), { kind: 'local', certificate: pair, token });
    assert.deepEqual(userOf(data), { kind: 'local', certificate: pair, token: undefined });
    assert.deepEqual(userOf({ token }), { kind: 'local', certificate: undefined, token });
  });

  it('tells every secret in it, of other users too', () => {
    const { certificate, key, token } = cluster.admin;
    const user = { 'client-certificate-data': btoa(certificate), 'client-key-data': btoa(key), token };
    const config = parse(kubeconfigWith(clusterEntry(cluster), user)) as { users: unknown[] };
    const old = { name: 'azure', config: { 'access-token': 'of-old', 'refresh-token': 'to-renew' } };
    config.users.push({ name: 'other', user: { username: 'admin', password: 'pa55word', 'auth-provider': old } });
    const told: string[] = [];
    readKubeconfig(stringify(config), (secret) => told.push(secret));
    assert.deepEqual(told, [btoa(key), key, token, 'pa55word', 'of-old', 'to-renew']);
  });

  it('reads the entries of the current context, not the first ones', () => {
    const config = parse(kubeconfigWith(clusterEntry(cluster))) as { clusters: unknown[]; users: unknown[] };
    config.clusters.unshift({ name: 'other', cluster: { server: 'http://elsewhere' } });
    config.users.unshift({ name: 'other', user: { exec: { command: '/bin/sh' } } }, 'nonsense');
    assert.equal(readKubeconfig(stringify(config)).server, `https://${cluster.fqdn}:443`);
  });

  it('is read to an answer or to an error for users, whatever it holds', () => {
    const whatever = anything({ withBigInt: false, withDate: false });
    check(
      property(whatever, whatever, (one, other) => {
        const text = stringify({
          'current-context': 'web',
          clusters: [{ name: 'web', cluster: one }],
          contexts: [{ name: 'web', context: { cluster: 'web', user: 'someone' } }],
          users: [{ name: 'someone', user: other }],
        });
        assert.throws(() => readKubeconfig(text), TaskError);
      }),
    );
  });
});

describe('a kubeconfig for later steps', () => {
  const access = {
    cluster: 'contoso-qa',
    userName: 'clusterUser_rg_contoso-qa',
    server: 'https://contoso-qa-dns.hcp.eastus.azmk8s.io:443',
    certificateAuthority: 'PEM',
    user: { kind: 'entra', serverId, tenantId: 'contoso' },
  } as const;

  it('holds all that its user needs, and lets nothing wait for input', () => {
    const exec = {
      command: '/opt/kubelogin',
      args: ['get-token', '--login', 'spn'],
      env: { AZURE_CLIENT_SECRET: '~"\n: #' },
    };
    const text = kubeconfigText(access, {
      context: 'contoso-qa',
      namespace: 'web',
      proxyUrl: 'http://proxy:3128',
      exec,
    });
    const config = parse(text) as Record<string, unknown>;
    assert.deepEqual(config['users'], [
      {
        name: access.userName,
        user: {
          exec: {
            apiVersion: deviceCodeUser.exec.apiVersion,
            command: '/opt/kubelogin',
            args: ['get-token', '--login', 'spn'],
            env: [{ name: 'AZURE_CLIENT_SECRET', value: '~"\n: #' }],
            interactiveMode: 'Never',
            provideClusterInfo: false,
          },
        },
      },
    ]);
    assert.deepEqual(config['clusters'], [
      {
        name: 'contoso-qa',
        cluster: { server: access.server, 'certificate-authority-data': btoa('PEM'), 'proxy-url': 'http://proxy:3128' },
      },
    ]);
    assert.deepEqual(config['contexts'], [
      { name: 'contoso-qa', context: { cluster: 'contoso-qa', user: access.userName, namespace: 'web' } },
    ]);
  });
});
