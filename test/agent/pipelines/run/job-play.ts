import type { TaskResult } from '../../step-result.ts';
import { ExpressionError } from '../expressions/value.ts';
import type { Part } from './agent-part.ts';
import { countingWith } from './counter.ts';
import { aroundJob, type EndedJob } from './dependencies.ts';
import { playHooks } from './deployment-play.ts';
import type { AgentJobDocument, JobDocument, StageDocument } from './document.ts';
import { allEnded, type Vertex } from './graph.ts';
import { stepsOfJob } from './implied-steps.ts';
import { playPart } from './part-play.ts';
import { variablesOfJob } from './predefined.ts';
import { outputsOf, type JobRecord, type PartRecord } from './record.ts';
import type { RunContext } from './run-context.ts';
import { declaredVariables, type RunVariables } from './run-variables.ts';
import { decide, orAbandoned } from './skipped.ts';
import { combined } from './statuses.ts';

/** A stage that runs, as its jobs see it. */
export interface RunningStage {
  readonly document: StageDocument & Vertex;
  readonly jobs: readonly (JobDocument & Vertex)[];
  readonly variables: RunVariables;
  /** Jobs that are over, by name. */
  readonly ended: Map<string, EndedJob>;
}

/** Plays a job of a stage, or says why it does not run. */
export async function playJob(job: JobDocument & Vertex, stage: RunningStage, context: RunContext): Promise<JobRecord> {
  const { document, jobs, ended, variables: outer } = stage;
  const canceled = context.cancel.aborted;
  // A job that starts in a cancelled run, by always(), is not cancelled itself.
  const cancel = canceled ? new AbortController().signal : context.cancel;
  const stages = { dependsOn: document.dependsOn, ended: context.ended };
  const surroundings = aroundJob(job, jobs, ended, stages, canceled);
  const named = { name: job.name, displayName: outer.expand(job.displayName ?? job.name) };
  const declared = declaredVariables(job.variables, (name) => context.service.variableGroup(name));
  const seen = outer.withTexts(declared);
  const decision = decide(job, jobs, ended, { variables: seen, surroundings, canceled });
  if (decision !== 'runs') return { ...named, ...decision, parts: [] };
  const settings = orAbandoned(() => {
    const variables = outer.declaring(declared, countingWith(surroundings, context.counters));
    const text = (value: string): string => variables.expand(variables.worked(value, surroundings));
    return {
      variables,
      timeout: minutes(text(job.timeoutInMinutes ?? '60')),
      cancelTimeout: minutes(text(job.cancelTimeoutInMinutes ?? '5')),
      goesOn: text(job.continueOnError ?? 'false').toLowerCase() === 'true',
    };
  });
  if ('result' in settings) return { ...named, ...settings, parts: [] };
  const place = { stage: document.name, job: job.name, part: '' };
  const base = { ...settings, place, cancel };
  const played = await playParts(job, base, context);
  const result = combined(played.parts.map((part) => part.result));
  const outcome = result === 'Failed' && settings.goesOn ? 'SucceededWithIssues' : result;
  return { ...named, ...played, result: outcome, ...firstMessage(played.parts) };
}

type Base = Omit<Part, 'steps' | 'environment'>;

async function playParts(
  job: JobDocument & Vertex,
  base: Base,
  context: RunContext,
): Promise<Pick<JobRecord, 'parts' | 'environment'>> {
  const { stage } = base.place;
  if (job.kind === 'job') {
    context.tell({ kind: 'job started', stage, job: job.name });
    return { parts: await playLegs(job, base, context) };
  }
  const environment = base.variables.expand(job.environment);
  context.tell({ kind: 'job started', stage, job: job.name, environment });
  const parts = await playHooks(job, environment, base, context);
  const result = combined(parts.map((part) => part.result));
  context.service.deployed({ run: context.run, environment, stage, job: job.name, result });
  return { parts, environment };
}

/** The legs of a matrix side by side, at most `maxParallel` at a time; a plain job is one leg without a name. */
async function playLegs(job: AgentJobDocument, base: Base, context: RunContext): Promise<PartRecord[]> {
  const legs = [...(job.matrix ?? new Map<string, ReadonlyMap<string, string>>([['', new Map()]]))];
  const played = new Map<string, PartRecord>();
  const waiting = [...legs];
  const agent = async (): Promise<void> => {
    for (let leg = waiting.shift(); leg !== undefined; leg = waiting.shift()) {
      const [name, values] = leg;
      const own = [...values].map(([key, value]) => ({ name: key, value, secret: false, readOnly: false }));
      const variables = base.variables.withTexts(own).withPredefined(variablesOfJob(base.place.stage, job, name));
      const place = { ...base.place, part: name };
      played.set(name, await playPart({ ...base, place, variables, steps: stepsOfJob(job.steps) }, context));
    }
  };
  await allEnded(Array.from({ length: job.maxParallel ?? legs.length }, agent));
  return legs.flatMap(([name]) => played.get(name) ?? []);
}

/**
 * What later jobs read of this one. Outputs of a leg stand behind its name; those of a deployment behind the job's own name
 * (azure-devops-docs#12117), and only those of its hook `deploy`: what the service calls those of other hooks is not known.
 */
export function endOf(job: JobDocument, { result, parts }: JobRecord): EndedJob {
  const outputs = parts.flatMap((part) => {
    if (job.kind === 'deployment') return part.name === 'deploy' ? outputsOf(part, `${job.name}.`) : [];
    return outputsOf(part, part.name === '' ? '' : `${part.name}.`);
  });
  const secrets = parts.flatMap((part) => {
    const all = new Map(outputsOf(part, ''));
    return part.secretOutputs.flatMap((name) => all.get(name) ?? []);
  });
  return { result, outputs: new Map(outputs), secrets };
}

function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new ExpressionError(`The timeout '${text}' is not a number.`);
  return value;
}

function firstMessage(parts: readonly { readonly result: TaskResult; readonly message?: string }[]): {
  message?: string;
} {
  const message = parts.find((part) => part.message !== undefined)?.message;
  return message === undefined ? {} : { message };
}
