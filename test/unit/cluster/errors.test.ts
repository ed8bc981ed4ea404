import assert from 'node:assert/strict';
import { explainConnection } from '../../../tasks/common/cluster/errors.ts';
import { explainForbidden } from '../../../tasks/common/cluster/proof-errors.ts';
import { explainRefusal } from '../../../tasks/common/cluster/refusals.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';

const cluster = {
  access: {
    cluster: 'contoso-qa',
    userName: 'admin',
    server: 'https://api.contoso.example:443',
    certificateAuthority: 'PEM',
    user: { kind: 'local', certificate: { pem: 'PEM', key: 'PEM' }, token: 'of-the-administrator' },
  },
  exec: undefined,
  proxyUrl: 'http://user:secret@proxy.contoso.example:3128/',
  context: 'contoso-qa',
  namespace: undefined,
  tenantId: '72f988bf-0001-4000-8000-00000c0a7050',
  nameInput: 'serverFqdn',
} as const;

const review = { method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews' };

const networkError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

const at = (server: string) => ({ ...cluster, access: { ...cluster.access, server } });
const unresolved = (server: string): string => messageOf(explainConnection(networkError('ENOTFOUND'), at(server)));
const entraOf = (tenantId: string | undefined) => ({
  ...cluster,
  access: { ...cluster.access, user: { kind: 'entra', serverId: 's', tenantId } as const },
});

describe('an API server that cannot be used', () => {
  it('refused, broke off or took too long: the network is to be checked', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH']) {
      const message = messageOf(explainConnection(networkError(code), cluster));
      assert.match(
        message,
        new RegExp(`api\\.contoso\\.example could not be reached \\(${code}\\): .*authorized IP ranges`),
      );
    }
    assert.match(messageOf(explainConnection(networkError('ABORT'), cluster, 60)), /did not answer within 60 s/);
  });

  it('has a name that nobody knows: a public one of a cluster that is gone, or a private one from outside', () => {
    const gone = unresolved('https://contoso-dns-1a2b3c4d.hcp.eastus.azmk8s.io:443');
    assert.match(
      gone,
      /\(ENOTFOUND\): a public name is gone while the cluster is stopped, and when it was deleted or crea/,
    );
    assert.doesNotMatch(gone, /private|serverFqdn/);
    for (const zone of ['privatelink.eastus.azmk8s.io', 'team.private.eastus.azmk8s.io']) {
      assert.match(unresolved(`https://contoso-1a2b3c4d.${zone}`), /only in its own network, .* by input serverFqdn/);
    }
  });

  it('does not take the tokens of the connection, which is of another tenant: both are named', () => {
    const object = { kind: 'Status', apiVersion: 'v1', metadata: {} };
    assert.match(
      explainRefusal({ status: 401, object }, review, entraOf('fab00000-0001-4000-8000-00000c0a7050')).message,
      /takes tokens of tenant fab00000-\S+, but the service connection belongs to tenant 72f988bf-\S+; use a service conn/,
    );
    for (const tenant of [undefined, cluster.tenantId.toUpperCase()]) {
      assert.match(
        explainRefusal({ status: 401, object }, review, entraOf(tenant)).message,
        /check the clock of the agent/,
      );
    }
  });

  it('lets the identity do nothing that was asked: what that is, and how not to ask', () => {
    const { message } = explainForbidden({ cluster, namespace: 'web', seconds: 60 }, 'deployer', 'no role');
    assert.match(message, /knows deployer, but it may do none of what was asked in namespace 'web', which is get depl/);
    assert.match(message, /get deployments, list pods, list secrets \(HTTP 403: no role\)/);
    assert.match(message, /none of these, set input verifyAccess to false\.$/);
  });

  it('has a certificate of somebody else: a proxy may inspect TLS', () => {
    for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_HAS_EXPIRED']) {
      assert.match(messageOf(explainConnection(networkError(code), cluster)), /if a proxy inspects TLS, exclude/);
    }
  });

  it('was never asked because of a defect, which is not taken for one of the network', () => {
    const defect = new TypeError('x is not a function');
    assert.equal(explainConnection(defect, cluster), defect);
  });

  it('the proxy stands between, and its password is not told', () => {
    const lost = explainRefusal({ status: 503, object: undefined }, review, cluster).message;
    assert.match(lost, /did not reach the API server api\.contoso\.example \(HTTP 503\).*NO_PROXY/);
    assert.doesNotMatch(lost, /secret/);
  });

  it('something else answers at its address', () => {
    const { message } = explainRefusal({ status: 200, object: undefined }, review, { ...cluster, proxyUrl: undefined });
    assert.match(message, /Something other than an API server answers at api\.contoso\.example \(HTTP 200\)/);
  });

  it('does not take a token that somebody put into the kubeconfig', () => {
    const { access } = cluster;
    const holder = { ...cluster, access: { ...access, user: { ...access.user, certificate: undefined } } };
    const object = { kind: 'Status', apiVersion: 'v1', metadata: {} };
    assert.match(
      explainRefusal({ status: 401, object }, review, holder).message,
      /token in the kubeconfig \(HTTP 401\): it has/,
    );
  });

  it('does not know its own administrator any more', () => {
    const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, message: 'Unauthorized' };
    assert.match(
      explainRefusal({ status: 401, object }, review, cluster).message,
      /credential \(HTTP 401\): its certificates/,
    );
    assert.match(explainRefusal({ status: 500, object }, review, cluster).message, /failed \(HTTP 500\): Unauthorized/);
  });
});
