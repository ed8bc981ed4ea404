import assert from 'node:assert/strict';
import type { RecordedRequest } from '../azure/index.ts';
import type { StepResult } from '../agent/index.ts';
import { chartArchive, push, stage } from '../bench/chart-steps.ts';
import { withPeakMemory } from '../bench/peak-memory.ts';
import { loginServer, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';

interface Pushed {
  readonly step: StepResult;
  readonly peakMB: number;
  readonly requests: readonly RecordedRequest[];
  readonly repositories: readonly string[];
}

async function pushed(count: number): Promise<Pushed> {
  const pipeline = await startPipeline({ helm: null });
  for (const name of names(count)) stage(pipeline, `${name}-1.0.0.tgz`, chartArchive(name, '1.0.0'));
  const run = await withPeakMemory(pipeline, (env) => push(pipeline, {}, { env }));
  const repositories = await pipeline.registry.repositories();
  await pipeline.close();
  return { ...run, repositories, requests: pipeline.azure.requests.filter(({ host }) => host === loginServer) };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `chart-${String(index).padStart(3, '0')}`);
}

/** The most requests that were under way at one time. */
function mostAtOnce(requests: readonly RecordedRequest[]): number {
  const changes = requests.flatMap(({ begun, ended = begun }) => [
    { at: begun, by: 1 },
    { at: ended, by: -1 },
  ]);
  let [now, most] = [0, 0];
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) most = Math.max(most, (now += by));
  return most;
}

describe('200 charts in one step', () => {
  let few: Pushed;
  let many: Pushed;

  before(async () => {
    few = await pushed(20);
    many = await pushed(200);
  });

  it('are all pushed', () => {
    assert.equal(many.step.result, 'Succeeded', many.step.log.join('\n'));
    assert.deepEqual(
      [...many.repositories].sort(),
      names(200).map((name) => `helm/${name}`),
    );
    assert.equal(many.step.outputs['pushResult'], Array(200).fill('pushed').join(','));
  });

  it('have one line each in the log, in no more words than needed', () => {
    const lines = many.step.log.filter((line) => line.startsWith('oci://'));
    assert.equal(new Set(lines).size, 200);
    assert.equal(lines.length, 200);
    assert.equal(many.step.log.at(-1), '200 charts: 200 pushed.');
  });

  it('have their outputs in the order of their paths', () => {
    const refs = names(200).map((name) => `oci://${loginServer}/helm/${name}:1.0.0`);
    assert.equal(many.step.outputs['chartRef'], refs.join(','));
  });

  it('share one sign-in', () => {
    assert.equal(many.requests.filter(({ path }) => path === '/oauth2/exchange').length, 1);
  });

  it('are pushed a few at a time', () => {
    const most = mostAtOnce(many.requests);
    assert.ok(most > 1 && most <= 8, `${most} requests at once`);
  });

  it('take no more memory than 20 charts', () => {
    assert.ok(many.peakMB < few.peakMB + 80, `${few.peakMB} MB for 20 charts, ${many.peakMB} MB for 200`);
  });
});

describe('One bad archive among many', () => {
  const faults: Readonly<Record<string, (pipeline: Pipeline) => RegExp>> = {
    'the same version of a chart twice': (pipeline) => {
      stage(pipeline, 'z.tgz', chartArchive('chart-001', '1.0.0', 'description: another\n'));
      return /chart-001-1\.0\.0\.tgz and .*z\.tgz both hold chart-001 1\.0\.0; push only one/;
    },
    'one that is no archive': (pipeline) => {
      stage(pipeline, 'z.tgz', 'hello');
      return /^The chart archive ".*z\.tgz" is not a gzip file/;
    },
    'one whose name no registry takes': (pipeline) => {
      stage(pipeline, 'z.tgz', chartArchive('My_Chart', '1.0.0'));
      return /The name in Chart\.yaml is "My_Chart"/;
    },
  };

  for (const [name, add] of Object.entries(faults)) {
    it(`is refused before anything is pushed: ${name}`, async () => {
      const pipeline = await startPipeline({ helm: null });
      for (const chart of names(5)) stage(pipeline, `${chart}-1.0.0.tgz`, chartArchive(chart, '1.0.0'));
      const reason = add(pipeline);
      assert.match(refusalOf(await push(pipeline)), reason);
      // The sign-in goes on beside the reading of the archives; no request is about a repository.
      assert.deepEqual(
        pipeline.azure.requests.filter(
          ({ path, form }) => /^\/v2\/./.test(path) || (form?.has('scope') === true && path === '/oauth2/token'),
        ),
        [],
      );
      await pipeline.close();
    });
  }

  it('in the registry stops the others, says how far it came, and a second run does the rest', async () => {
    const pipeline = await startPipeline({ helm: null });
    for (const chart of names(40)) stage(pipeline, `${chart}-1.0.0.tgz`, chartArchive(chart, '1.0.0'));
    const theirs = { name: 'chart-006', version: '1.0.0', archive: chartArchive('chart-006', '1.0.0', 'home: x\n') };
    await pipeline.registry.seedChart('helm', theirs);
    const told = refusalOf(await push(pipeline));
    const [, done = ''] = /^(\d+) of 40 charts are in the registry\. Of the others:/.exec(told) ?? [];
    assert.match(told, /chart-006:1\.0\.0 exists already/);
    assert.doesNotMatch(told, /run the step again/, 'which would end the same');
    const there = await pipeline.registry.repositories();
    assert.equal(Number(done), there.length - 1);
    assert.ok(there.length < 40, there.join());
    const again = await push(pipeline, { ifExists: 'overwrite' });
    assert.equal(again.outputs['pushResult']?.split(',').filter((result) => result === 'overwritten').length, 1);
    assert.equal(
      again.outputs['pushResult']?.split(',').filter((result) => result === 'unchanged').length,
      Number(done),
    );
    const last = refusalOf(await push(pipeline, { ifExists: 'fail' }));
    assert.match(last, /^0 of 40 charts were pushed, and a further run refuses those \(ifExists\)\. Of the others:/);
    await pipeline.close();
  });

  it('is none when a link in the folder leads nowhere', async function () {
    if (process.platform === 'win32') this.skip();
    const { symlinkSync } = await import('node:fs');
    const pipeline = await startPipeline({ helm: null });
    const file = stage(pipeline, 'chart-001-1.0.0.tgz', chartArchive('chart-001', '1.0.0'));
    symlinkSync('nowhere', `${file}.old.tgz`);
    assert.equal((await push(pipeline)).result, 'Succeeded');
    await pipeline.close();
  });
});
