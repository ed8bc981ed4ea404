import type { TaskResult } from '../../step-result.ts';
import { countingWith } from './counter.ts';
import { aroundStage, secretsOfStages, stageDependencies } from './dependencies.ts';
import type { StageDocument } from './document.ts';
import { ancestorsOf, jobOrder, playGraph, sameName, type Vertex } from './graph.ts';
import { endOf, playJob, type RunningStage } from './job-play.ts';
import { variablesOfStage } from './predefined.ts';
import type { JobRecord, StageRecord } from './record.ts';
import type { RunContext } from './run-context.ts';
import { declaredVariables, ownVariables, type RunVariable, type RunVariables } from './run-variables.ts';
import type { ChecksOutcome } from './service.ts';
import { decide, orAbandoned } from './skipped.ts';
import { combined } from './statuses.ts';

/** Plays a stage behind its checks, or says why it does not run. */
export async function playStage(stage: StageDocument & Vertex, context: RunContext): Promise<StageRecord> {
  const { stages, ended, service } = context;
  const named = { name: stage.name, displayName: context.variables.expand(stage.displayName ?? stage.name) };
  const without = { ...named, approvers: [], jobs: [] };
  const waitsFor = [stage, ...ancestorsOf(stage, stages)].find((other) => waits(other, context));
  if (waitsFor !== undefined) {
    const message = `Stage ${waitsFor.name} has trigger: manual, and nobody started it.`;
    return { ...without, result: 'NotStarted', message };
  }
  const canceled = context.cancel.aborted;
  const surroundings = aroundStage(stage, stages, ended, canceled);
  const declared = declaredVariables(stage.variables, (name) => service.variableGroup(name));
  const variables = context.variables.withTexts(declared).withPredefined(variablesOfStage(stage));
  const decision = decide(stage, stages, ended, { variables, surroundings, canceled });
  if (decision !== 'runs') return { ...without, ...decision };
  const checked = await passChecks(stage, variables, context);
  const { approvers, message } = checked;
  if (checked.result !== 'passed') {
    return { ...without, approvers, result: withoutPassing[checked.result], ...(message !== undefined && { message }) };
  }
  try {
    context.tell({ kind: 'stage started', stage: stage.name, approvers });
    return { ...named, approvers, ...(await playJobs(stage, declared, context)) };
  } finally {
    checked.release?.();
  }
}

const withoutPassing = { rejected: 'Failed', skipped: 'Skipped', canceled: 'Canceled' } as const;

function waits({ name, isManual }: StageDocument, { startedByHand }: RunContext): boolean {
  return isManual && !startedByHand.some((other) => sameName(other, name));
}

/** A stage that names no environment and has no lock of its own has nothing to check. */
async function passChecks(stage: StageDocument, variables: RunVariables, context: RunContext): Promise<ChecksOutcome> {
  const { run, service, cancel, pipeline } = context;
  const named = environmentsOf(stage, variables).map(({ name }) => name);
  const environments = named.filter((name, index) => named.findIndex((other) => sameName(other, name)) === index);
  const locksItself = stage.lockBehavior !== undefined;
  if (environments.length === 0 && !locksItself) return { result: 'passed', approvers: [] };
  context.tell({ kind: 'checks started', stage: stage.name, environments });
  const lockBehavior = stage.lockBehavior ?? pipeline.lockBehavior;
  const checked = { run, stage: stage.name, attempt: 1, environments, locksItself };
  return service.check({ ...checked, ...(lockBehavior !== undefined && { lockBehavior }) }, cancel);
}

/** The deployment jobs of a stage with their environments, whose names the service must know before the stage starts. */
export function environmentsOf(
  { jobs }: StageDocument,
  variables: RunVariables,
): { readonly job: string; readonly name: string }[] {
  return jobs.flatMap((job) => {
    if (job.kind === 'job') return [];
    const name = variables.withTexts(ownVariables(job.variables)).expand(job.environment);
    return [{ job: job.name, name }];
  });
}

async function playJobs(
  document: StageDocument & Vertex,
  declared: readonly RunVariable[],
  context: RunContext,
): Promise<{ result: TaskResult; message?: string; jobs: JobRecord[] }> {
  const locals = new Map([['stagedependencies', stageDependencies(document.dependsOn, context.ended)]]);
  const surroundings = countingWith({ locals, secrets: secretsOfStages(context.ended) }, context.counters);
  const worked = orAbandoned(() => context.variables.declaring(declared, surroundings));
  if ('result' in worked) return { ...worked, jobs: [] };
  const variables = worked.withPredefined(variablesOfStage(document));
  const jobs = jobOrder(document.jobs);
  const stage: RunningStage = { document, jobs, variables, ended: new Map() };
  const records = new Map<string, JobRecord>();
  await playGraph(jobs, async (job) => {
    const record = await playJob(job, stage, context);
    records.set(job.name, record);
    stage.ended.set(job.name, endOf(job, record));
    context.tell({ kind: 'job ended', stage: document.name, job: record });
  });
  const played = jobs.flatMap(({ name }) => records.get(name) ?? []);
  return { result: combined(played.map(({ result }) => result)), jobs: played };
}
