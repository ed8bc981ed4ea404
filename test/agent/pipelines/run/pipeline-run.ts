import { countingWith } from './counter.ts';
import { stageOrder, playGraph } from './graph.ts';
import { endOf } from './job-play.ts';
import { variablesOfRun } from './predefined.ts';
import { checkBeforehand, checkEnvironments, orRefused } from './preparation.ts';
import type { PipelineRecord, StageRecord } from './record.ts';
import { consumedRuns, resourceVariables, sourcesOf } from './resources.ts';
import type { PipelineRunOptions, RunContext } from './run-context.ts';
import { declaredVariables, RunVariables } from './run-variables.ts';
import { playStage } from './stage-play.ts';
import { combined } from './statuses.ts';

/**
 * Plays a whole pipeline. Throws Refused in the service's words, or NotSupported, before anything of it runs. Whatever comes
 * of its steps is in the record, and nothing is left running or on disk.
 */
export async function runPipeline(options: PipelineRunOptions): Promise<PipelineRecord> {
  const context = begin(options);
  const { run, stages, tell, service } = context;
  tell({ kind: 'run started', run });
  const records = new Map<string, StageRecord>();
  const play = playGraph(stages, async (stage) => {
    const record = await playStage(stage, context);
    records.set(stage.name, record);
    if (record.result !== 'NotStarted') {
      const jobs = stage.jobs.flatMap((job) => {
        const played = record.jobs.find(({ name }) => name === job.name);
        return played === undefined ? [] : [[job.name, endOf(job, played)] as const];
      });
      context.ended.set(stage.name, { result: record.result, jobs: new Map(jobs) });
    }
    tell({ kind: 'stage ended', stage: record });
  });
  await play.catch((error: unknown) => {
    service.complete(run, 'Failed');
    throw error;
  });
  const played = stages.flatMap(({ name }) => records.get(name) ?? []);
  const record = recordOf(options, context, played);
  service.complete(record.run, record.result);
  tell({ kind: 'run ended', record });
  return record;
}

function begin(options: PipelineRunOptions): RunContext {
  const { pipeline, service, counters = new Map(), triggeringAlias } = options;
  checkBeforehand(options);
  const consumed = consumedRuns(pipeline.pipelines, options.consumedRuns ?? new Map(), service);
  const given = RunVariables.of(options.variables ?? {});
  const declared = declaredVariables(pipeline.variables, (name) => service.variableGroup(name));
  const texts = given.withTexts(declared);
  checkEnvironments(pipeline.stages, texts, options);
  const form = pipeline.name === undefined ? {} : { numberForm: texts.expand(pipeline.name) };
  const run = service.queue({ ...options.queued, ...form, ...sourcesOf(options) });
  const predefined = {
    ...variablesOfRun(options.queued, run, options.repositories[0]),
    ...resourceVariables(pipeline.pipelines, consumed, triggeringAlias),
  };
  const surroundings = countingWith({ locals: new Map() }, counters);
  const variables = orRefused(run, service, () => given.withPredefined(predefined).declaring(declared, surroundings));
  return {
    ...options,
    run,
    stages: stageOrder(pipeline.stages),
    startedByHand: options.startedByHand ?? [],
    variables: variables.withPredefined(predefined),
    consumedRuns: consumed,
    counters,
    cancel: options.cancel ?? new AbortController().signal,
    tell: options.listener ?? (() => undefined),
    ended: new Map(),
    numbering: { current: run.number },
  };
}

function recordOf(
  { queued: { pipeline, branch, commit } }: PipelineRunOptions,
  { run, service, cancel, numbering }: RunContext,
  stages: readonly StageRecord[],
): PipelineRecord {
  const tags = stages.flatMap(({ jobs }) => jobs.flatMap(({ parts }) => parts.flatMap((part) => part.tags)));
  return {
    run: { ...run, number: numbering.current },
    pipeline,
    branch,
    commit,
    result: cancel.aborted ? 'Canceled' : overall(stages),
    stages,
    artifacts: service.artifacts(run.id),
    tags: [...new Set(tags)],
  };
}

/** A run in which every stage was skipped has done all that it should. */
function overall(stages: readonly StageRecord[]): PipelineRecord['result'] {
  const result = combined(stages.flatMap((stage) => (stage.result === 'NotStarted' ? [] : [stage.result])));
  return result === 'Skipped' ? 'Succeeded' : result;
}
