import assert from 'node:assert/strict';
import { People } from '../bench/people.ts';
import { refusalOf } from '../bench/refusal.ts';
import { assertGood, present, sharedRelease, warningsOf, type StartReleases } from '../bench/release-cases.ts';

const namespaces = '/api/v1/namespaces';

/** Declares what identities with few rights are told, and what becomes of namespaces that are not there. */
export function rightsOfDeploy(start: StartReleases): void {
  const people = new People();
  const pipeline = sharedRelease(start, { job: people.job }, (started) => people.admit(started));

  it('creates a missing namespace where the identity may, and once', async () => {
    const { deploy, administrator } = pipeline();
    const inputs = { azureSubscription: 'contoso-owner', namespace: 'fresh' };
    const step = assertGood(await deploy(inputs));
    assert.ok(step.log.includes('Created namespace fresh.'), step.log.join('\n'));
    present(await administrator.find(`${namespaces}/fresh`));
    const again = assertGood(await deploy(inputs));
    assert.equal(again.outputs['releaseRevision'], '2');
    assert.ok(!again.log.includes('Created namespace fresh.'));
  });

  it('does not create a missing namespace with createNamespace: false', async () => {
    const { deploy, administrator } = pipeline();
    const inputs = { azureSubscription: 'contoso-owner', namespace: 'missing', createNamespace: 'false' };
    const message = refusalOf(await deploy(inputs));
    assert.match(message, /^Namespace 'missing' does not exist, and input createNamespace is false: .*kubectl create/);
    assert.equal(await administrator.find(`${namespaces}/missing`), undefined);
  });

  it('names the role that creating a namespace takes', async () => {
    const step = await pipeline().deploy({ azureSubscription: 'contoso-writer', namespace: 'missing' });
    const message = refusalOf(step);
    assert.match(message, /^Namespace 'missing' does not exist, and the identity may not create it \(HTTP 403: /);
    assert.match(message, /'Azure Kubernetes Service RBAC Cluster Admin'/);
  });

  it('names a namespace that is being deleted', async () => {
    const { deploy, administrator } = pipeline();
    await administrator.create(namespaces, { metadata: { name: 'going' } });
    // Something that is never gone keeps the namespace.
    const held = { metadata: { name: 'held', finalizers: ['contoso.example/never'] } };
    await administrator.create(`${namespaces}/going/configmaps`, held);
    await administrator.delete(`${namespaces}/going`);
    const message = refusalOf(await deploy({ azureSubscription: 'contoso-owner', namespace: 'going' }));
    assert.match(message, /^Namespace 'going' is being deleted, and takes nothing new until it is gone/);
    await administrator.patch(`${namespaces}/going/configmaps/held`, { metadata: { finalizers: null } });
  });

  it('deploys as an identity that may work in the namespace alone', async () => {
    const step = assertGood(await pipeline().deploy({ azureSubscription: 'contoso-writer', releaseName: 'written' }));
    assert.equal(step.outputs['releaseStatus'], 'deployed');
  });

  it('names the role for Leases, and deploys without them where it is told to', async () => {
    const { deploy, administrator, history } = pipeline();
    const inputs = { azureSubscription: 'contoso-leaseless', releaseName: 'leaseless' };
    const message = refusalOf(await deploy(inputs));
    assert.match(message, /^The identity may not keep the Lease 'helm-delivery-leaseless' in namespace 'shop'/);
    assert.match(message, /'Azure Kubernetes Service RBAC Writer' on the cluster or on its namespace/);
    assert.match(message, /get, create and update on leases of group coordination\.k8s\.io/);
    assert.match(message, /or set input lease to off/);
    assert.deepEqual(await history('leaseless'), []);
    const step = await deploy({ ...inputs, lease: 'off' });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.match(warningsOf(step), /^Input lease is off: another run/);
    const leases = await administrator.list('/apis/coordination.k8s.io/v1/namespaces/shop/leases');
    assert.ok(!leases.some(({ metadata }) => metadata.name === 'helm-delivery-leaseless'));
  });

  it('tells an identity that may only read what it lacks', async () => {
    const { deploy, history } = pipeline();
    for (const lease of ['on', 'off']) {
      const step = await deploy({ azureSubscription: 'contoso-reader', releaseName: 'read', lease });
      assert.match(refusalOf(step), /HTTP 403.*Azure Kubernetes Service RBAC Writer/, `lease ${lease}`);
    }
    assert.deepEqual(await history('read'), []);
  });

  it('gives the Lease back, and keeps it for the next run', async () => {
    const { deploy, administrator } = pipeline();
    assertGood(await deploy({ releaseName: 'leased' }));
    const lease = await administrator.find('/apis/coordination.k8s.io/v1/namespaces/shop/leases/helm-delivery-leased');
    const { holderIdentity } = present(lease)['spec'] as { holderIdentity?: string };
    assert.equal(holderIdentity ?? '', '');
    assert.equal(assertGood(await deploy({ releaseName: 'leased' })).outputs['releaseRevision'], '2');
  });
}
