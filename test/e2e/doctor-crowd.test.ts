import assert from 'node:assert/strict';
import { seedApp } from '../bench/app-chart.ts';
import { crowd, manyObjects } from '../bench/crowd.ts';
import { requestsOfDoctor } from '../bench/doctor-requests.ts';
import { withPeakMemory } from '../bench/peak-memory.ts';
import { causesOf, failureOf, sharedRelease } from '../bench/release-cases.ts';
import { startReleasePipeline, type ReleasePipeline } from '../bench/release-pipeline.ts';

describe('A release of 300 objects among 20,000 pods of others', () => {
  let peak = 0;
  let step: Awaited<ReturnType<ReleasePipeline['deploy']>>;
  const pipeline = sharedRelease(startReleasePipeline, {}, async (started) => {
    started.cluster.objects.add(...crowd('shop', 20_000));
    const chart = await seedApp(started, '1.0.0', manyObjects(75));
    const inputs = { chart, setString: 'behaviour=image-name-invalid', onFailure: 'keep', timeout: '5m' };
    const measured = await withPeakMemory(started, (env) => started.deploy(inputs, { env }));
    [step, peak] = [measured.step, measured.peakMB];
  });

  it('is looked at by one list and one watch a kind', () => {
    const { lists, watches } = requestsOfDoctor(pipeline());
    assert.deepEqual(lists, [...new Set(lists)]);
    assert.deepEqual(watches, [...new Set(watches)]);
    assert.ok(
      ['endpointslices', 'pods', 'services'].every((kind) => lists.includes(kind)),
      lists.join(),
    );
  });

  it('gets the cause of its one bad object, and not a line for every object', () => {
    failureOf(step);
    const [cause = '', ...more] = causesOf(step);
    assert.match(cause, /Deployment 'web' has an image whose name/);
    assert.deepEqual(more, []);
    assert.ok(step.log.length < 60, step.log.join('\n'));
  });

  it('takes less than 200 MB', function () {
    if (process.platform !== 'linux') this.skip();
    assert.ok(peak > 30 && peak < 200, `${peak} MB`);
  });
});
