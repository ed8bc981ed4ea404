import assert from 'node:assert/strict';
import type { StepDocument } from '../../agent/pipelines/run/document.ts';
import { pipelineSteps, stepDocument } from './steps-bench.ts';

describe('what is not played of a step', () => {
  const cases: readonly [string, StepDocument, string | undefined][] = [
    ['another task', stepDocument('AzureCLI@2'), 'task AzureCLI@2'],
    ['another version', stepDocument('HelmChartSave@9'), 'version 9 of task HelmChartSave'],
    ['another version of a script', stepDocument('Bash@2'), 'task Bash@2'],
    ['an input', stepDocument('Bash@3', { script: '', bashEnvValue: 'x' }), 'Bash@3 with bashenvvalue'],
    [
      'an input of an own task',
      stepDocument('HelmChartSave@1', { chrt: 'x' }),
      'HelmChartSave with chrt, which is no input of it',
    ],
    ['a container', stepDocument('CmdLine@2', {}, { target: { container: 'pg' } }), 'target pg of a step'],
    ['submodules', stepDocument('checkout@1', { submodules: 'recursive' }), 'checkout with submodules: recursive'],
    ['LFS', stepDocument('checkout@1', { lfs: 'true' }), 'checkout with lfs: true'],
    [
      'nothing of options of a checkout',
      stepDocument('checkout@1', { submodules: 'false', fetchDepth: '0' }),
      undefined,
    ],
    [
      'a share of files',
      stepDocument('PublishPipelineArtifact@1', { publishLocation: 'filepath' }),
      'PublishPipelineArtifact@1 with publishLocation filepath',
    ],
    [
      'the latest run of a pipeline',
      stepDocument('DownloadPipelineArtifact@2', { source: 'specific' }),
      'DownloadPipelineArtifact@2 with runVersion latest',
    ],
    ['nothing of the run itself', stepDocument('DownloadPipelineArtifact@2', { runVersion: 'latest' }), undefined],
    [
      'tests that count',
      stepDocument('PublishTestResults@2', { failTaskOnFailedTests: 'true' }),
      'PublishTestResults@2 with failTaskOnFailedTests',
    ],
    ['nothing of a step that is not enabled', stepDocument('AzureCLI@2', {}, { enabled: false }), undefined],
    ['nothing of a target on the host', stepDocument('CmdLine@2', {}, { target: { container: 'host' } }), undefined],
  ];
  for (const [title, step, unplayed] of cases) {
    it(`is said: ${title}`, async () => {
      assert.equal((await pipelineSteps()).unplayed(step), unplayed);
    });
  }

  const own = ['HelmChartSave@1', 'helmchartsave@1', 'contoso.helm-delivery.HelmChartSave.HelmChartSave@1'];
  for (const task of [...own, 'contoso.helm-delivery.HelmChartSave@1', 'HelmChartSave@1.0.0']) {
    it(`is nothing of an own task (${task})`, async () => {
      assert.equal((await pipelineSteps()).unplayed(stepDocument(task)), undefined);
    });
  }
});
