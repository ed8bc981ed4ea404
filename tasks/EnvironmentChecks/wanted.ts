import type { TaskContext } from '../common/task/context.ts';
import { type Approvers, approversNamed } from './approvers.ts';
import { type Caller, identitiesAddress } from './caller.ts';
import type { EnvironmentEntry } from './environments-file.ts';
import { type Pipelines, pipelinesNamed } from './pipelines.ts';
import type { WantedEnvironment } from './plan.ts';
import type { Explain } from './refusals.ts';
import type { EnvironmentService } from './service.ts';
import { wantedChecks } from './wanted-checks.ts';

/** What the file wants, with the people and pipelines that it names looked up. */
export interface Wanted {
  readonly environments: readonly WantedEnvironment[];
  /** Names of identities by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

/** @throws TaskError for people and pipelines that are not found, or are found twice: before anything is written */
export async function wantedOf(
  entries: readonly EnvironmentEntry[],
  { ask }: Caller,
  service: EnvironmentService,
  explain: Explain,
  context: Pick<TaskContext, 'variable'>,
): Promise<Wanted> {
  const refused = explain({ doing: 'look up the approvers' });
  const approvers = await approversNamed(entries.flatMap(namesIn), ask, identitiesAddress(context)).catch(refused);
  const named = entries.flatMap(({ pipelines }) => pipelines || []);
  const pipelines = await pipelinesNamed(named, service, explain);
  return {
    environments: entries.map((entry) => wantedEnvironment(entry, approvers, pipelines)),
    names: approvers.names,
  };
}

function namesIn(entry: EnvironmentEntry): readonly string[] {
  return [entry.approvals, entry.preApprovals, entry.postApprovals].flatMap((approvals) => {
    if (approvals === undefined || approvals === false) return [];
    return 'approvers' in approvals ? approvals.approvers : approvals;
  });
}

function wantedEnvironment(entry: EnvironmentEntry, approvers: Approvers, pipelines: Pipelines): WantedEnvironment {
  const permitted = (entry.pipelines || []).flatMap((each) => {
    const found = pipelines.get(each);
    return found === undefined ? [] : [[found.id, found.name] as const];
  });
  return {
    name: entry.name,
    description: entry.description,
    checks: wantedChecks(entry, (name) => approvers.idOf(name)),
    pipelines: entry.pipelines === undefined ? undefined : new Map(permitted),
  };
}
