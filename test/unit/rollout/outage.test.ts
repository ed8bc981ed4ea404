import assert from 'node:assert/strict';
import { isOutage } from '../../../tasks/common/rollout/outage.ts';
import { rollOutBench } from './roll-out-bench.ts';

/** As client-go tells of them (k8s.io/apimachinery, pkg/api/errors), and Go's net. */
const outages = [
  'Error: UPGRADE FAILED: an error on the server ("") has prevented the request from succeeding (patch deployments.apps shop)',
  'Error: the server has received too many requests and has asked us to try again later (post secrets)',
  'Error: Kubernetes cluster unreachable: Get "https://x:443/version": proxyconnect tcp: EOF',
  'Error: create: failed to create: Post "https://x:443/api": dial tcp 1.2.3.4:443: connect: connection refused',
  'Error: net/http: TLS handshake timeout',
  'Error: context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  'Error: Internal error occurred: etcdserver: leader changed',
  'Error: UPGRADE FAILED: error validating "": error validating data: failed to download openapi: not found',
  'err="couldn\'t get resource list for apps/v1: busy"\nError: no matches for kind "Deployment" in version "apps/v1"',
  'Error: UPGRADE FAILED: Unauthorized',
];
const others = [
  'Error: UPGRADE FAILED: context deadline exceeded',
  'Error: UPGRADE FAILED: timed out waiting for the condition',
  'Error: UPGRADE FAILED: deployments.apps "shop" is forbidden: User "x" cannot patch resource',
  'Error: Internal error occurred: failed calling webhook "x": connection refused',
  'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
];

describe('an API server that cannot answer', () => {
  it('is seen in what helm says, or in its connections where no record tells how it ended', () => {
    for (const said of outages) assert.ok(told(said), said);
    for (const said of others) assert.ok(!told(said), said);
    assert.ok(told('', true));
    assert.ok(!told('Error: context deadline exceeded', true));
    const [said = ''] = outages;
    assert.ok(!isOutage({ exitCode: 0, signal: null, said }, true));
    assert.ok(!isOutage({ exitCode: null, signal: 'SIGKILL', said }, true));
  });

  it('makes helm run again, whatever it left', async () => {
    const [said = ''] = outages;
    const failed = rollOutBench('deployed');
    failed.helm.next('upgrade', { leaves: 'failed', said }).next('upgrade', { said });
    const end = await failed.deploy();
    assert.deepEqual([end.failed, end.after?.number, failed.helm.runs.length], [false, 3, 3]);
    assert.match(
      failed.log.join('\n'),
      /warning: helm failed while the API server could not answer, so it is run again/,
    );

    const pending = rollOutBench('deployed');
    pending.helm.next('upgrade', { leaves: 'pending-upgrade', said });
    assert.equal((await pending.deploy()).failed, false);
    assert.deepEqual(pending.helm.runs, ['upgrade', 'rollback 1', 'upgrade']);

    const first = rollOutBench();
    first.helm.next('upgrade', { leaves: 'pending-install', said });
    assert.equal((await first.deploy()).failed, false);
    assert.deepEqual(first.helm.runs, ['upgrade', 'uninstall', 'upgrade']);
  });

  it('is given up after three runs, and then the roll-out has failed', async () => {
    const [said = ''] = outages;
    const { deploy, helm, history } = rollOutBench('deployed');
    for (let run = 0; run < 3; run += 1) helm.next('upgrade', { leaves: 'failed', said });
    const end = await deploy();
    assert.match(end.message, /revision 4 is failed\. Rolled back to revision 1,/);
    assert.deepEqual(helm.runs, ['upgrade', 'upgrade', 'upgrade', 'rollback 1']);
    assert.deepEqual(history().at(-1), '5 deployed');
  });

  it('does not make what was mended in between look like the roll-out', async () => {
    const [said = ''] = outages;
    const { deploy, helm } = rollOutBench('deployed by 400');
    helm.next('upgrade', { leaves: 'pending-upgrade', said }).next('upgrade', { said }).next('upgrade', { said });
    const end = await deploy();
    assert.match(end.message, /helm upgrade failed .*; no revision was made\.$/);
    assert.equal(end.failed, true);
    assert.deepEqual(helm.runs, ['upgrade', 'rollback 1', 'upgrade', 'upgrade']);
  });

  it('is seen in the connections of helm', async () => {
    const { deploy, helm, state } = rollOutBench('deployed');
    helm.next('upgrade', { said: 'Error: something new', meanwhile: () => void (state.troubles += 1) });
    assert.equal((await deploy()).failed, false);
    assert.deepEqual(helm.runs, ['upgrade', 'upgrade']);
    const known = rollOutBench('deployed');
    known.helm.next('upgrade', {
      leaves: 'failed',
      said: 'Error: x',
      meanwhile: () => void (known.state.troubles += 1),
    });
    await known.deploy();
    assert.deepEqual(known.helm.runs, ['upgrade', 'rollback 1']);
  });

  it('is lived through by a roll-back and by what is taken away', async () => {
    const [said = ''] = outages;
    const back = rollOutBench('deployed');
    back.helm.next('upgrade', { leaves: 'failed' }).next('rollback', { leaves: 'pending-rollback', said });
    assert.match((await back.deploy()).message, /Rolled back to revision 1, which is revision 3 now/);
    const away = rollOutBench();
    away.helm.next('upgrade', { leaves: 'failed' }).next('uninstall', { leaves: 'uninstalling', said });
    await away.deploy({ onFailure: { input: 'onFailure', value: 'uninstallFirstInstall' } });
    assert.deepEqual([away.helm.runs, away.history()], [['upgrade', 'uninstall', 'uninstall'], []]);
  });
});

function told(said: string, seen = false): boolean {
  return isOutage({ exitCode: 1, signal: null, said }, seen);
}
