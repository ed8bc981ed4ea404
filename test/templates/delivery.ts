import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { expandedPipeline, expandPipeline } from '../agent/pipelines/expand.ts';
import type { PipelineDocument } from '../agent/pipelines/run/document.ts';
import { readPipeline } from '../agent/pipelines/run/read-document.ts';

export const root = path.resolve(import.meta.dirname, '../..');

/** A step of the expanded pipeline. */
export interface Step {
  readonly task: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job; of a deployment job the steps are those of its only hook. */
export interface Job {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly environment?: string;
  readonly pool: unknown;
  readonly steps: readonly Step[];
}

/** A stage; without `dependsOn` it depends on the one before it. */
export interface Stage {
  readonly stage: string;
  readonly dependsOn?: readonly string[];
  readonly condition?: string;
  readonly trigger?: string;
  readonly lockBehavior?: string;
  readonly variables?: readonly Readonly<Record<string, string>>[];
  readonly jobs: readonly Job[];
}

/** A job as the service's preview has it. */
interface PreviewJob {
  readonly job?: string;
  readonly deployment?: string;
  readonly dependsOn?: readonly string[];
  readonly environment?: { readonly name: string };
  readonly pool?: unknown;
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
}

/** The stages of a file of the project; every scalar is its text. */
export function stagesOf(file: string, parameters: unknown = {}): Stage[] {
  const repositories = new Map([['delivery', root]]);
  const text = expandPipeline({ file: path.resolve(root, file), repositories, parameters });
  const document = parse(text, { schema: 'failsafe' }) as { stages: (Omit<Stage, 'jobs'> & { jobs: PreviewJob[] })[] };
  return document.stages.map((stage) => ({ ...stage, jobs: stage.jobs.map(asJob) }));
}

function asJob(job: PreviewJob): Job {
  return {
    name: job.deployment ?? job.job ?? '',
    dependsOn: job.dependsOn ?? [],
    ...(job.environment ? { environment: job.environment.name } : {}),
    pool: job.pool,
    steps: job.strategy?.runOnce.deploy.steps ?? job.steps ?? [],
  };
}

/** The stages of a pipeline that includes a template of stages with these parameters. */
export function stagesWith(template: string, parameters: unknown): Stage[] {
  const stages = [{ template: `templates/${template}@delivery`, parameters }];
  return piped({ stages }, (file) => stagesOf(file));
}

/** A pipeline that includes or extends a template with these parameters, as the runner reads it. */
export function documentWith(template: string, parameters: unknown): PipelineDocument {
  const repositories = new Map([['delivery', root]]);
  return piped(including(template, parameters), (file) => readPipeline(expandedPipeline({ file, repositories })));
}

/** The same as the service's preview prints it. */
export function previewWith(template: string, parameters: unknown): string {
  const repositories = new Map([['delivery', root]]);
  return piped(including(template, parameters), (file) => expandPipeline({ file, repositories }));
}

function including(name: string, parameters: unknown): object {
  const template = { template: `templates/${name}@delivery`, parameters };
  const [folder = ''] = name.split('/');
  return folder === 'pipelines' ? { extends: template } : { [folder]: [template] };
}

/** The stages of a pipeline that extends a template with these parameters. */
export function stagesExtending(template: string, parameters: unknown): Stage[] {
  return piped({ extends: { template: `templates/${template}@delivery`, parameters } }, (file) => stagesOf(file));
}

/** Writes a pipeline with this body, which knows the templates and a CI pipeline, for as long as it is used. */
function piped<T>(body: object, use: (file: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'template-'));
  try {
    const file = path.join(folder, 'azure-pipelines.yml');
    const repository = { repository: 'delivery', type: 'git', name: 'contoso/helm-delivery' };
    const pipelines = [{ pipeline: 'ci', source: 'orders-ci' }];
    writeFileSync(file, stringify({ resources: { repositories: [repository], pipelines }, ...body }));
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first step of a task in a stage. */
export function stepOf(stage: Stage | undefined, task: string): Step | undefined {
  return stage?.jobs.flatMap(({ steps }) => steps).find((step) => step.task === task);
}
