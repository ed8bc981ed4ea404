import assert from 'node:assert/strict';
import type { JobOptions, StepResult } from '../agent/index.ts';
import type { Azure } from '../azure/index.ts';
import { seedApp } from '../bench/app-chart.ts';
import { triggeredBy } from '../bench/deployment.ts';
import { refusalOf } from '../bench/refusal.ts';
import { assertGood, sharedRelease, warningsOf, type StartReleases } from '../bench/release-cases.ts';

/** Declares what becomes of a CI run that comes late, after a newer one of its pipeline. */
export function olderRuns(start: StartReleases): void {
  let chart = '';
  const pipeline = sharedRelease(start, { job }, async (started) => {
    chart = await seedApp(started, '1.0.0');
  });

  /** Deploys what a CI run built. */
  async function deploy(ciRun: number, inputs: Record<string, string>): Promise<StepResult> {
    pipeline().job.variables.set('resources.pipeline.ci.runID', String(ciRun));
    return pipeline().deploy({ chart, ...inputs });
  }

  const told =
    /^What is to be deployed was built by run 703, but revision \d+, which is deployed, by run 704 of the same/;

  it('is deployed with a warning, unless it is told otherwise', async () => {
    assertGood(await deploy(704, { releaseName: 'warned' }));
    const late = await deploy(703, { releaseName: 'warned' });
    assert.equal(late.result, 'Succeeded', late.log.join('\n'));
    assert.match(warningsOf(late), told);
    assert.equal(late.outputs['releaseRevision'], '2');
    const [, record] = await pipeline().history('warned');
    assert.equal(record?.labels['helm-delivery/ci-run'], '703');
  });

  it('is deployed without a word of warning, or refused', async () => {
    assertGood(await deploy(704, { releaseName: 'late' }));
    const refused = refusalOf(await deploy(703, { releaseName: 'late', ifOlder: 'refuse' }));
    assert.match(refused, told);
    assert.match(refused, /refused, since input ifOlder is refuse: roll back .* by hand/);
    assert.equal((await pipeline().history('late')).length, 1);
    assertGood(await deploy(704, { releaseName: 'late', ifOlder: 'refuse' }));
    assertGood(await deploy(703, { releaseName: 'late', ifOlder: 'deploy' }));
    assertGood(await deploy(704, { releaseName: 'late', ifOlder: 'refuse' }));
  });

  it('is no matter for a run that a person started, nor for another pipeline', async () => {
    const { variables } = pipeline().job;
    assertGood(await deploy(704, { releaseName: 'manual', ifOlder: 'refuse' }));
    variables.set('Build.Reason', 'Manual');
    assertGood(await deploy(703, { releaseName: 'manual', ifOlder: 'refuse' }));
    variables.set('Build.Reason', 'ResourceTrigger');
    assertGood(await deploy(704, { releaseName: 'manual', ifOlder: 'refuse' }));
    const pipelineId = variables.get('resources.pipeline.ci.pipelineID') ?? '';
    variables.set('resources.pipeline.ci.pipelineID', '4711');
    assertGood(await deploy(703, { releaseName: 'manual', ifOlder: 'refuse' }));
    variables.set('resources.pipeline.ci.pipelineID', pipelineId);
  });

  it('is where a roll-back leads, which then counts', async () => {
    assertGood(await deploy(703, { releaseName: 'back' }));
    assertGood(await deploy(704, { releaseName: 'back' }));
    const back = assertGood(await pipeline().rollback({ releaseName: 'back' }));
    assert.equal(back.outputs['releaseRevision'], '3');
    const [, , record] = await pipeline().history('back');
    assert.equal(record?.labels['helm-delivery/ci-run'], '703');
    assertGood(await deploy(703, { releaseName: 'back', ifOlder: 'refuse' }));
    // Of two runs the newer one is newer, also after a roll-back.
    assertGood(await deploy(704, { releaseName: 'back', ifOlder: 'refuse' }));
  });
}

/** A run that a CI run triggered. */
function job(azure: Azure): JobOptions {
  const ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
  return { variables: triggeredBy(ci) };
}
