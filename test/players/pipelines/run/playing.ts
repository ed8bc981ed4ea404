import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expandedPipeline } from '../../../agent/pipelines/expand.ts';
import { readPipeline } from '../../../agent/pipelines/run/read-document.ts';
import type { PipelineDocument } from '../../../agent/pipelines/run/document.ts';
import { runPipeline } from '../../../agent/pipelines/run/pipeline-run.ts';
import type { JobRecord, PipelineRecord, StageRecord } from '../../../agent/pipelines/run/record.ts';
import type { PipelineRunOptions } from '../../../agent/pipelines/run/run-context.ts';
import type { QueuedRun } from '../../../agent/pipelines/run/service.ts';
import { ScriptSteps } from './script-steps.ts';
import { SmallService } from './small-service.ts';

/** A run that somebody queued by hand. */
export const queuedByHand: QueuedRun = {
  pipeline: 'orders-cd',
  branch: 'refs/heads/main',
  commit: '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2',
  reason: 'Manual',
  requestedFor: 'Robin Doe',
};

/** A pipeline file, expanded and read. */
export function documentOf(text: string): PipelineDocument {
  const folder = mkdtempSync(path.join(tmpdir(), 'run-'));
  try {
    const file = path.join(folder, 'azure-pipelines.yml');
    writeFileSync(file, text);
    return readPipeline(expandedPipeline({ file }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Plays a pipeline file with the small service. */
export function play(text: string, given: Partial<Omit<PipelineRunOptions, 'pipeline'>> = {}): Promise<PipelineRecord> {
  const fixed = { queued: queuedByHand, service: new SmallService(), steps: new ScriptSteps(), repositories: [] };
  return runPipeline({ ...fixed, ...given, pipeline: documentOf(text) });
}

export function stageOf({ stages }: PipelineRecord, name: string): StageRecord {
  const stage = stages.find((other) => other.name === name);
  if (stage === undefined) throw new Error(`There is no stage ${name}.`);
  return stage;
}

export function jobOf(record: PipelineRecord, name: string, stage = '__default'): JobRecord {
  const job = stageOf(record, stage).jobs.find((other) => other.name === name);
  if (job === undefined) throw new Error(`There is no job ${name}.`);
  return job;
}

/** Results of stages by name. */
export function resultsOf({ stages }: PipelineRecord): Record<string, string> {
  return Object.fromEntries(stages.map(({ name, result }) => [name, result]));
}

/** Every line that the steps of a job wrote, without those of steps that the runner added. */
export function linesOf(job: JobRecord): string[] {
  return job.parts.flatMap(({ steps }) =>
    steps.flatMap(({ rawOutput }) => rawOutput.split('\n')).filter((line) => line !== ''),
  );
}
