import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { StepResult } from '../agent/index.ts';
import { tarOf, type RawEntry } from '../unit/chart/hostile-archive.ts';
import { loginServer, type Pipeline, type TaskStep } from './pipeline.ts';

/** Inputs that name the registry by the connection of the pipeline's own identity. */
export const ownRegistry = { azureSubscription: 'contoso-azure', registry: loginServer };

/** The archive of a small chart. @param more lines of Chart.yaml, and files of the chart */
export function chartArchive(name: string, version: string, more = '', ...files: readonly RawEntry[]): Buffer {
  const chartYaml = `apiVersion: v2\nname: ${name}\nversion: ${version}\n${more}`;
  return gzipSync(tarOf([{ name: `${name}/Chart.yaml`, body: chartYaml, mtime: 1_700_000_000 }, ...files]));
}

/** Writes a file into the staging folder; returns its path. */
export function stage(pipeline: Pick<Pipeline, 'job'>, file: string, content: string | Uint8Array): string {
  const target = path.join(pipeline.job.folders.staging, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

/** Stages the sample chart `app` 1.2.3, whose archive it returns. */
export function stageApp(pipeline: Pick<Pipeline, 'job'>, more = ''): Buffer {
  const archive = chartArchive('app', '1.2.3', more);
  stage(pipeline, 'app-1.2.3.tgz', archive);
  return archive;
}

/** Puts the sample chart into the registry, as others did before; returns its digest. */
export function seedApp(pipeline: Pick<Pipeline, 'registry'>, more = ''): Promise<string> {
  return pipeline.registry.seedChart('helm', {
    name: 'app',
    version: '1.2.3',
    archive: chartArchive('app', '1.2.3', more),
  });
}

type Inputs = Readonly<Record<string, string>>;

/** Pushes what is staged, whatever came before in the job. */
export function push(pipeline: Pick<Pipeline, 'run' | 'job'>, inputs: Inputs = {}, step: TaskStep = {}) {
  const chartPath = path.join(pipeline.job.folders.staging, '*.tgz');
  return run(pipeline, 'HelmChartPush', { chartPath, ...inputs }, step);
}

/** Pulls `helm/app` 1.2.3 if the inputs say nothing else. */
export function pull(pipeline: Pick<Pipeline, 'run'>, inputs: Inputs = {}, step: TaskStep = {}) {
  return run(pipeline, 'HelmChartPull', { repository: 'helm/app', chartVersion: '1.2.3', ...inputs }, step);
}

function run(pipeline: Pick<Pipeline, 'run'>, task: string, inputs: Inputs, step: TaskStep): Promise<StepResult> {
  return pipeline.run(task, { condition: 'always()', ...step, inputs: { ...ownRegistry, ...inputs } });
}
