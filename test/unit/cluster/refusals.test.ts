import assert from 'node:assert/strict';
import { actionOf } from '../../../tasks/common/cluster/api-path.ts';
import { ApiRefusal, explainRefusal } from '../../../tasks/common/cluster/refusals.ts';
import { SmallApiServer } from './small-api-server.ts';

const cluster = new SmallApiServer().cluster();
const leases = '/apis/coordination.k8s.io/v1/namespaces/web/leases';

const refused = (method: string, path: string, message: string, status = 403): string => {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, reason: 'Forbidden', message };
  const error = explainRefusal({ status, object }, { method, path }, cluster);
  assert.ok(error instanceof ApiRefusal);
  return error.message;
};
const noRight = 'x is forbidden: User "a" cannot do it: User does not have access to the resource in Azure.';

const roleFor = (method: string, path: string): string =>
  /'Azure Kubernetes Service RBAC ([\w ]+)'/.exec(refused(method, path, noRight))?.[1] ?? '';

describe('a refusal of an API server', () => {
  it('names the role that is missing, of Azure and of Kubernetes', () => {
    const message = refused('PUT', `${leases}/helm-delivery-shop`, noRight);
    assert.match(message, /it may not update leases 'helm-delivery-shop' in namespace 'web' \(HTTP 403: x is forb/);
    assert.match(
      message,
      /give it 'Azure Kubernetes Service RBAC Writer' on the cluster or on its namespace \(.*\/web\);/,
    );
    assert.match(message, /bind it there to a Role that allows update on leases of group coordination\.k8s\.io\.$/);
  });

  it('asks for no more than is needed', () => {
    assert.equal(roleFor('GET', '/apis/apps/v1/namespaces/web/deployments?limit=500'), 'Reader');
    assert.equal(roleFor('GET', '/api/v1/namespaces/web/secrets/shop'), 'Writer');
    assert.equal(roleFor('DELETE', '/api/v1/namespaces/web/pods/shop'), 'Writer');
    assert.equal(roleFor('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/web/roles'), 'Admin');
    assert.equal(roleFor('GET', '/api/v1/namespaces/web'), 'Reader');
    assert.equal(roleFor('POST', '/api/v1/namespaces'), 'Cluster Admin');
    assert.equal(roleFor('GET', '/api/v1/nodes'), 'Cluster Admin');
  });

  it('of a policy, a quota or a webhook sends nobody for a role', () => {
    for (const said of [
      'pods "shop" is forbidden: violates PodSecurity "restricted:latest"',
      'pods "shop" is forbidden: exceeded quota: small',
      'admission webhook "validation.gatekeeper.sh" denied the request: no latest tag',
    ]) {
      const message = refused('POST', '/api/v1/namespaces/web/pods', said);
      assert.match(message, /refused to create pods in namespace 'web' \(HTTP 403\): /);
      assert.doesNotMatch(message, /RBAC/);
    }
  });

  it('shows what others wrote without what the agent or an eye would take for more', () => {
    const message = refused(
      'GET',
      '/api/v1/namespaces/w%0A%23%23vso[x]/pods/%E0%A4%A',
      'no\n##vso[task.complete]\u202e',
      409,
    );
    assert.doesNotMatch(message, /[\n\u202e]/);
  });
});

const seen = (method: string, path: string): string => {
  const { verb, group, resource, namespace, name } = actionOf(method, path) ?? assert.fail(path);
  return [verb, group, resource, namespace, name].join(' ').trim();
};

describe('the address of a request', () => {
  it('tells verb, resource and namespace as roles do', () => {
    assert.equal(seen('GET', '/api/v1/namespaces/web/pods?watch=true'), 'watch  pods web');
    assert.equal(seen('GET', '/api/v1/pods'), 'list  pods');
    assert.equal(seen('GET', '/api/v1/namespaces/web/pods/shop/log'), 'get  pods/log web shop');
    assert.equal(seen('PATCH', '/apis/apps/v1/namespaces/web/deployments/a%20b'), 'patch apps deployments web a b');
    assert.equal(seen('GET', '/api/v1/namespaces'), 'list  namespaces');
    assert.equal(seen('GET', '/api/v1/namespaces/web'), 'get  namespaces  web');
    for (const path of ['/version', '/api', '/apis/apps/v1', '']) assert.equal(actionOf('GET', path), undefined, path);
  });
});
