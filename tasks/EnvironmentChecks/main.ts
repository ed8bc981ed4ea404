import { thisRun } from '../common/devops/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import type { Outcome } from '../common/task/outcome.ts';
import { namesOfIds } from './approvers.ts';
import { callerOf, identitiesAddress } from './caller.ts';
import { readEnvironments } from './environments-file.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { outcomeOf } from './outcome.ts';
import { namesOfPipelines } from './pipelines.ts';
import { explainRefusals } from './refusals.ts';
import { pruningOf } from './pruning.ts';
import { idsIn, pipelinesIn, showTable } from './report.ts';
import { EnvironmentService } from './service.ts';
import { warnOfShutOut } from './shut-out.ts';
import { statesOf } from './survey.ts';
import { wantedOf } from './wanted.ts';
import { apply, compare } from './work.ts';

/** Compares the environments with the file, and in mode `apply` makes them so. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<Outcome> {
  const { log, signal } = context;
  const file = await readEnvironments(inputs.file, context);
  const caller = callerOf(inputs, context);
  const explain = explainRefusals(caller.name);
  const service = new EnvironmentService(caller.ask, inputs.project ?? thisRun(context).projectId);
  const { environments, names } = await wantedOf(file.environments, caller, service, explain, context);
  const states = await statesOf(environments, service, explain);
  warnOfShutOut(environments, states, log);
  const pruning = await pruningOf(inputs.prune, service);
  const writing = { service, explain, signal };
  const work =
    inputs.mode === 'apply'
      ? await apply(environments, states, pruning, writing, log)
      : compare(environments, states, pruning);
  const others = idsIn(work.rows).filter((id) => !names.has(id));
  const people = await namesOfIds(others, caller.ask, identitiesAddress(context));
  const all = new Map([...names, ...people, ...(await namesOfPipelines(pipelinesIn(work.rows), service))]);
  if (work.rows.length > 0) showTable(work.rows, all, log);
  return outcomeOf(work, { file: file.name, total: environments.length, names: all }, inputs, context);
}
