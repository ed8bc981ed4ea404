import assert from 'node:assert/strict';
import { triggeredBy, type FinishedRun } from '../../../agent/pipelines/run/triggers.ts';
import type { ConsumedRun } from '../../../agent/pipelines/run/service.ts';
import { documentOf, jobOf, linesOf, play } from './playing.ts';
import { SmallService } from './small-service.ts';

function ciRun(id: number, branch: string, pipelineName = 'orders-ci'): ConsumedRun {
  const place = { projectId: 'p-1', pipelineId: 3, pipelineName, number: `20260105.${id}`, requestedFor: 'Robin Doe' };
  return { ...place, id, branch, commit: `commit-of-${id}` };
}

const runs = [ciRun(32, 'refs/heads/feature/x'), ciRun(31, 'refs/heads/main'), ciRun(30, 'refs/heads/main')];
const withResource = (...lines: string[]): string => `
resources:
  pipelines:
  - pipeline: ci
    source: \\delivery\\orders-ci
${lines.map((line) => `    ${line}\n`).join('')}
steps:
- checkout: none
- bash: |
    echo "$(resources.pipeline.ci.runID) $(resources.pipeline.ci.runName) $(resources.pipeline.ci.sourceCommit)"
    echo "$RESOURCES_PIPELINE_CI_PIPELINENAME [$RESOURCES_PIPELINE_CI_PROJECTNAME][$RESOURCES_TRIGGERINGALIAS]"
`;

async function read(text: string, given: Parameters<typeof play>[1] = {}): Promise<string[]> {
  const record = await play(text, { service: new SmallService({ runs }), ...given });
  return linesOf(jobOf(record, 'Job'));
}

describe('a pipeline resource', () => {
  it('is the latest run of any branch, or of its own', async () => {
    assert.deepEqual(await read(withResource()), ['32 20260105.32 commit-of-32', 'orders-ci [][]']);
    assert.deepEqual(await read(withResource('branch: main', 'project: delivery')), [
      '31 20260105.31 commit-of-31',
      'orders-ci [delivery][]',
    ]);
  });

  it('is the very run that triggered, or that somebody chose', async () => {
    const consumed = new Map([['ci', ciRun(30, 'refs/heads/main')]]);
    const expected = '30 20260105.30 commit-of-30';
    const triggered = await read(withResource(), { consumedRuns: consumed, triggeringAlias: 'ci' });
    assert.deepEqual(triggered, [expected, 'orders-ci [][ci]']);
    assert.deepEqual(await read(withResource(), { consumedRuns: consumed }), [expected, 'orders-ci [][]']);
  });

  it('without any run refuses the run', async () => {
    const message =
      'Unable to resolve latest version for pipeline ci. This could be due to inaccessible pipeline or no version is available.';
    await assert.rejects(read(withResource('branch: release')), { message });
  });
});

const finished: FinishedRun = {
  pipeline: 'orders-ci',
  branch: 'refs/heads/main',
  result: 'Succeeded',
  tags: ['ready', 'signed'],
  stages: [
    { name: 'build', result: 'Succeeded' },
    { name: 'scan', result: 'SucceededWithIssues' },
    { name: 'publish', result: 'Failed' },
  ],
};

/** What a trigger says, what came of the run, and whether it starts the pipeline. */
const cases: readonly (readonly [string, string | undefined, Partial<FinishedRun>, boolean])[] = [
  ['no trigger at all', undefined, {}, false],
  ['trigger: none', 'none', {}, false],
  ['enabled: false', '{enabled: false, branches: [main]}', {}, false],
  ['trigger: true', 'true', { branch: 'refs/heads/feature/x' }, true],
  ['a run with issues', 'true', { result: 'SucceededWithIssues' }, true],
  ['a failed run', 'true', { result: 'Failed' }, false],
  ['a cancelled run', 'true', { result: 'Canceled' }, false],
  ['another pipeline', 'true', { pipeline: 'jobs-ci' }, false],
  ['a branch of its list', '{branches: [main, release/*]}', {}, true],
  ['a branch by its full name', '{branches: [refs/heads/main]}', {}, true],
  ['a branch that a star covers', '{branches: [main, release/*]}', { branch: 'refs/heads/release/1/2' }, true],
  ['a branch out of its list', '{branches: [main, release/*]}', { branch: 'refs/heads/releases' }, false],
  ['a branch in other letters', '{branches: [main]}', { branch: 'refs/heads/Main' }, false],
  ['an excluded branch', '{branches: {include: ["*"], exclude: [main]}}', {}, false],
  ['a branch that nothing excludes', '{branches: {exclude: [feature/*]}}', {}, true],
  ['stages that succeeded', '{stages: [build, Scan]}', { result: 'Failed' }, true],
  ['a stage that failed', '{stages: [build, publish]}', {}, false],
  ['a stage that is not there', '{stages: [deploy]}', {}, false],
  ['all of its tags', '{tags: [signed, ready]}', {}, true],
  ['a tag that is not on the run', '{tags: [signed, released]}', {}, false],
];

describe('a finished run starts a pipeline', () => {
  for (const [name, trigger, change, starts] of cases) {
    it(`${starts ? 'for' : 'not for'} ${name}`, () => {
      const document = documentOf(withResource(...(trigger === undefined ? [] : [`trigger: ${trigger}`])));
      assert.equal(triggeredBy(document, { ...finished, ...change })?.alias, starts ? 'ci' : undefined);
    });
  }
});
