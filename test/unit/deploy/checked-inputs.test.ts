import assert from 'node:assert/strict';
import { checkedInputs } from '../../../tasks/HelmReleaseDeploy/checked-inputs.ts';
import { checkRelease } from '../../../tasks/common/helm/release-name.ts';
import type { Inputs } from '../../../tasks/HelmReleaseDeploy/inputs.gen.ts';

const plain = {
  action: 'deploy',
  chart: 'oci://contoso.azurecr.io/helm/app:1.2.3',
  namespace: 'app-qa',
  timeout: '10m',
  leaseSeconds: 60,
  useClusterAdmin: false,
} as Inputs;

const checked = (inputs: Partial<Inputs>) => checkedInputs({ ...plain, ...inputs });

describe('the inputs of HelmReleaseDeploy', () => {
  it('become what the code works with', () => {
    assert.deepEqual(checked({}), {
      namespace: 'app-qa',
      releaseName: undefined,
      toRevision: undefined,
      timeoutMs: 600_000,
      leaseSeconds: 60,
      waitForOtherMs: 0,
    });
    const rollback = checked({ action: 'rollback', releaseName: 'web', toRevision: '3', waitForOther: '15' });
    assert.deepEqual([rollback.releaseName, rollback.toRevision, rollback.waitForOtherMs], ['web', 3, 900_000]);
  });

  for (const [text, seconds] of [
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5400],
    ['1h1m1s', 3661],
    ['24h', 86_400],
  ] as const) {
    it(`take the time-out ${text}`, () => assert.equal(checked({ timeout: text }).timeoutMs, seconds * 1000));
  }

  for (const text of ['0s', '', '10 m', '5m30', '25h', '1.5h', '-1m', '9999h']) {
    it(`refuse the time-out '${text}'`, () =>
      assert.throws(() => checked({ timeout: text }), /Input timeout is '.*'; it takes a time such as 10m/));
  }

  it('say what unit a time-out lacks', () =>
    assert.throws(() => checked({ timeout: '600' }), /With a unit it would be 600m or 600s\./));

  const refused: readonly [string, Partial<Inputs>, RegExp][] = [
    ['no chart', { chart: undefined }, /input chart, or the input handoffFile/],
    ['a roll-back without a name', { action: 'rollback', releaseName: undefined }, /Give the input releaseName/],
    ['images without a handoff', { images: 'web=image.repository,image.tag' }, /as input handoffFile/],
    ['half a cluster', { cluster: 'contoso-qa' }, /Input cluster is given, input resourceGroup is empty/],
    ['the other half', { resourceGroup: 'rg' }, /Input resourceGroup is given, input cluster is empty/],
    ['a cluster without a connection', { cluster: 'a', resourceGroup: 'rg' }, /give input azureSubscription/],
    ['an administrator of no cluster', { useClusterAdmin: true }, /useClusterAdmin belongs to/],
    ['a namespace that cannot be', { namespace: 'App_QA' }, /Input namespace is 'App_QA'/],
    ['a release that cannot be', { releaseName: 'Web' }, /Input releaseName is 'Web'/],
    ['a revision in a deploy', { toRevision: '3' }, /toRevision belongs to action: rollback/],
    ['a revision that is no number', { action: 'rollback', releaseName: 'a', toRevision: 'v3' }, /toRevision is 'v3'/],
    ['too short a Lease', { leaseSeconds: 5 }, /leaseSeconds is 5; it takes 15 to 3600/],
    ['a wait that is no number', { waitForOther: '5m' }, /waitForOther is '5m'; it takes whole minutes/],
  ];
  for (const [what, inputs, message] of refused) {
    it(`refuse ${what}`, () => assert.throws(() => checked(inputs), message));
  }

  it("take a chart's name for a release only where helm would", () => {
    for (const name of ['a'.repeat(53), 'a.b', 'a-1']) assert.equal(checkRelease(name, 'x'), name);
    for (const name of ['a'.repeat(54), 'app_web', 'a..b', '-a', 'a-', ''])
      assert.throws(() => checkRelease(name, 'The name of the chart'), /The name of the chart is/);
  });
});
