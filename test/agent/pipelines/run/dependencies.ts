import type { TaskResult } from '../../step-result.ts';
import type { Value } from '../expressions/value.ts';
import { nowhere, tokenOf } from '../expressions/value.ts';
import { mapping, scalar, type MappingToken } from '../yaml/token.ts';
import { ancestorsOf, type Vertex } from './graph.ts';
import type { Surroundings } from './run-variables.ts';
import { statusesOfGraph } from './statuses.ts';

/** What later jobs and stages know of a job that is over. */
export interface EndedJob {
  readonly result: TaskResult;
  /** By `step.variable`, for a leg or a deployment behind its name. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Values of outputs that are secret: what a later job makes of them stays secret. */
  readonly secrets?: readonly string[];
}

/** The same of a stage. */
export interface EndedStage {
  readonly result: TaskResult;
  /** By name as written. */
  readonly jobs: ReadonlyMap<string, EndedJob>;
}

/** What the condition of a stage sees: the stages in its `dependsOn`, outputs behind the name of their job. */
export function aroundStage<T extends Vertex>(
  stage: T,
  stages: readonly T[],
  ended: ReadonlyMap<string, EndedStage>,
  canceled: boolean,
): Surroundings {
  const direct = within(stage.dependsOn, ended).map(([name, { result, jobs }]): [string, Value] => {
    const outputs = [...jobs].flatMap(([job, end]) =>
      [...end.outputs].map(([key, value]): [string, string] => [`${job}.${key}`, value]),
    );
    return [name, dependency(result, outputs)];
  });
  return {
    locals: new Map([['dependencies', object(direct)]]),
    functions: statusesOfGraph({ results: resultsBefore(stage, stages, ended), canceled }),
  };
}

/** What a job sees: the jobs in its `dependsOn`, and the jobs of the stages in its stage's. */
export function aroundJob<T extends Vertex>(
  job: T,
  jobs: readonly T[],
  ended: ReadonlyMap<string, EndedJob>,
  stages: { readonly dependsOn: readonly string[]; readonly ended: ReadonlyMap<string, EndedStage> },
  canceled: boolean,
): Surroundings {
  const direct = within(job.dependsOn, ended).map(([name, end]): [string, Value] => [name, ofJob(end)]);
  return {
    secrets: [...secretsOf([...ended.values()]), ...secretsOfStages(stages.ended)],
    locals: new Map([
      ['dependencies', object(direct)],
      ['stagedependencies', stageDependencies(stages.dependsOn, stages.ended)],
    ]),
    functions: statusesOfGraph({ results: resultsBefore(job, jobs, ended), canceled }),
  };
}

/** Values of secret outputs of all stages that are over. */
export function secretsOfStages(ended: ReadonlyMap<string, EndedStage>): string[] {
  return [...ended.values()].flatMap(({ jobs }) => secretsOf([...jobs.values()]));
}

function secretsOf(jobs: readonly EndedJob[]): string[] {
  return jobs.flatMap(({ secrets }) => secrets ?? []);
}

/** `stageDependencies`: outputs of jobs by stage and job. */
export function stageDependencies(dependsOn: readonly string[], ended: ReadonlyMap<string, EndedStage>): MappingToken {
  const stages = within(dependsOn, ended).map(([name, { jobs }]): [string, Value] => {
    return [name, object([...jobs].map(([job, end]): [string, Value] => [job, ofJob(end)]))];
  });
  return object(stages);
}

function resultsBefore<T extends Vertex>(
  vertex: T,
  vertices: readonly T[],
  ended: ReadonlyMap<string, { readonly result: TaskResult }>,
): Map<string, TaskResult> {
  const names = [...ancestorsOf(vertex, vertices)].map(({ name }) => name);
  return new Map(within(names, ended).map(([name, { result }]) => [name.toLowerCase(), result]));
}

function within<T>(names: readonly string[], ended: ReadonlyMap<string, T>): [string, T][] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return [...ended].filter(([name]) => wanted.has(name.toLowerCase()));
}

function ofJob({ result, outputs }: EndedJob): MappingToken {
  return dependency(result, [...outputs]);
}

function dependency(result: TaskResult, outputs: readonly (readonly [string, string])[]): MappingToken {
  return object([
    ['result', result],
    ['outputs', object(outputs)],
  ]);
}

/** An object of the run's own contexts: its keys ignore case. */
function object(pairs: readonly (readonly [string, Value])[]): MappingToken {
  const tokens = pairs.map(([name, value]) => ({ key: scalar(name.toLowerCase(), nowhere), value: tokenOf(value) }));
  return { ...mapping(tokens, nowhere), foldsCase: true };
}
