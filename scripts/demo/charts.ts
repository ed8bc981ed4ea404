import path from 'node:path';
import type { StepResult } from '../../test/agent/index.ts';
import { loginServer, type Pipeline } from '../../test/bench/pipeline.ts';
import { chapter, told } from './timeline.ts';

const to = { azureSubscription: 'contoso-azure', registry: loginServer };

/** Saves, pushes and pulls the sample chart and the library chart it depends on. Returns the step that pushed it. */
export async function deliverCharts(pipeline: Pipeline): Promise<StepResult> {
  chapter('A chart goes into the registry and comes out again');
  const library = pipeline.addChart('contoso-common');
  const app = pipeline.addChart('go-template-app');
  pipeline.commit('2026-03-01T12:00:00Z');

  await run(pipeline, 'HelmChartSave', 'saveLibrary', { chartPath: library });
  await run(pipeline, 'HelmChartPush', 'pushLibrary', { ...to, chartPath: '$(saveLibrary.chartPath)' });
  await run(pipeline, 'HelmChartSave', 'save', {
    chartPath: app,
    chartVersion: '1.2.3+build.7',
    azureSubscription: 'contoso-azure',
    dependencyRegistries: loginServer,
  });
  const pushed = await run(pipeline, 'HelmChartPush', 'push', { ...to, chartPath: '$(save.chartPath)' });
  await run(pipeline, 'HelmChartPush', 'pushAgain', { ...to, chartPath: '$(save.chartPath)' });
  await run(pipeline, 'HelmChartPull', 'pull', {
    ...to,
    chartRef: '$(push.chartDigestRef)',
    destination: path.join(pipeline.job.folders.temp, 'pulled'),
  });
  return pushed;
}

async function run(
  pipeline: Pipeline,
  task: string,
  name: string,
  inputs: Record<string, string>,
): Promise<StepResult> {
  return told(`${task}@1`, await pipeline.run(task, { name, inputs }));
}
