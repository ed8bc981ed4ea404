import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { loginServer } from '../bench/pipeline.ts';
import {
  assertGood,
  failureOf,
  present,
  sharedRelease,
  warningsOf,
  withHelm,
  type StartReleases,
} from '../bench/release-cases.ts';
import { refusalOf } from '../bench/refusal.ts';
import { ClusterTools } from '../players/azure/cluster-tools.ts';
import type { ProgramId } from '../real/index.ts';

const neverReady = 'behaviour=never-ready';
const oneOfEach = ['helm-3.17', 'helm-4.3'] as const satisfies ProgramId[];

/** Declares what the inputs for special cases do, with a helm of each major version. */
export function optionsOfDeploy(start: StartReleases): void {
  let chart = '';
  let tools: ClusterTools;
  const pipeline = sharedRelease(start, {}, async (started) => {
    chart = await seedApp(started, '1.0.0');
    tools = new ClusterTools(started.azure, started.cluster);
  });
  after(() => tools.close());

  const run = async (id: ProgramId, inputs: Record<string, string>): Promise<StepResult> =>
    pipeline().deploy({ chart, ...inputs }, await withHelm(id));

  it('waits as helm 4 can, and refuses what helm 3 does not know', async () => {
    const message = refusalOf(await run('helm-3.17', { releaseName: 'waited', waitStrategy: 'watcher' }));
    assert.match(message, /^Input waitStrategy is watcher, which helm 3\.17\.\d+ does not know: it takes helm 4\.1\.4/);
    assertGood(await run('helm-4.3', { releaseName: 'waited', waitStrategy: 'watcher' }));
    const hooks = { releaseName: 'waited', waitStrategy: 'hookOnly', setString: neverReady };
    assert.equal(assertGood(await run('helm-4.3', hooks)).outputs['releaseStatus'], 'deployed');
    const watched = { releaseName: 'waited', waitStrategy: 'watcher', setString: neverReady, timeout: '10s' };
    const failed = await run('helm-4.3', watched);
    // Revision 2 was not waited for, and is no better.
    assert.match(failureOf(failed), /revision 3 is failed\. .*The roll-back to revision 2 failed with exit code 1/s);
    assert.deepEqual([failed.outputs['releaseRevision'], failed.outputs['releaseStatus']], ['4', 'failed']);
  });

  for (const id of oneOfEach) {
    it(`${id} keeps as many revisions as asked for`, async () => {
      const releaseName = named(id, 'kept');
      for (const note of ['1', '2', '3'])
        assertGood(await run(id, { releaseName, historyMax: '2', setString: `note=${note}` }));
      const numbers = (await pipeline().history(releaseName)).map(({ number }) => number);
      assert.deepEqual(numbers, [2, 3]);
    });

    it(`${id} takes over what belongs to nobody, where it is told to`, async () => {
      const releaseName = named(id, 'owner');
      const secrets = '/api/v1/namespaces/shop/secrets';
      await pipeline().administrator.create(secrets, { metadata: { name: `${releaseName}-database` } });
      const refused = await run(id, { releaseName });
      assert.match(failureOf(refused), /invalid ownership metadata/);
      assert.equal(refused.outputs['releaseRevision'], '');
      assertGood(await run(id, { releaseName, takeOwnership: 'true', setString: 'database.password=x' }));
      const secret = present(await pipeline().administrator.find(`${secrets}/${releaseName}-database`));
      assert.equal(secret.metadata.annotations?.['meta.helm.sh/release-name'], releaseName);
    });
  }

  it('takes a field from kubectl with helm 4 where it is told to, and warns helm 3 users that it always does', async () => {
    const deployed = { releaseName: 'scaled', onFailure: 'keep' };
    assertGood(await run('helm-4.3', deployed));
    await tools.out('kubectl', 'scale', '--namespace=shop', '--replicas=3', 'deployment/scaled');
    const conflict = await run('helm-4.3', { ...deployed, set: 'replicaCount=2' });
    assert.match(failureOf(conflict), /conflict with "kubectl".*\.spec\.replicas/s);
    assert.equal(await replicas(), 3);
    assertGood(await run('helm-4.3', { ...deployed, set: 'replicaCount=2', forceConflicts: 'true' }));
    assert.equal(await replicas(), 2);
    const older = await run('helm-3.17', { releaseName: 'scaled-3', forceConflicts: 'true' });
    assert.equal(older.result, 'Succeeded', older.log.join('\n'));
    assert.match(warningsOf(older), /^Input forceConflicts is true, which means nothing to helm 3\.17/);
  });

  it('takes the helm on PATH where it is of the version that is asked for', async () => {
    const helm = await pipeline().deploy({ chart, releaseName: 'versioned', helmVersion: '4.x' });
    assertGood(helm);
    assert.match(helm.log.join('\n'), /helm\/4\.\d+\.\d+\/helm upgrade versioned/);
  });

  it('refuses a helm that is known to do harm', async () => {
    const step = await pipeline().deploy({ chart, releaseName: 'harmed', helmVersion: '4.2.1' });
    assert.match(refusalOf(step), /4\.2\.1/);
  });

  it('gives the release a name of its own, in several namespaces', async () => {
    await pipeline().administrator.create('/api/v1/namespaces', { metadata: { name: 'second' } });
    for (const namespace of ['shop', 'second']) {
      const step = assertGood(await run('helm-4.3', { releaseName: 'twice', namespace }));
      assert.equal(step.outputs['releaseRevision'], '1');
    }
    const path = '/apis/apps/v1/namespaces/second/deployments/twice';
    const { template } = present(await pipeline().administrator.find(path))['spec'] as {
      template: { spec: { containers: { image: string }[] } };
    };
    assert.equal(template.spec.containers[0]?.image, `${loginServer}/web:latest`);
  });

  async function replicas(): Promise<number> {
    const workload = present(await pipeline().find('apis/apps/v1', 'deployments', 'scaled'));
    return (workload['spec'] as { replicas: number }).replicas;
  }
}

const named = (id: ProgramId, name: string): string => `${name}-${id.replace('.', '-')}`;
