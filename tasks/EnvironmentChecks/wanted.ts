import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import { visible } from '../common/text/shown.ts';
import { type Approvers, approversNamed } from './approvers.ts';
import { type Caller, identitiesAddress } from './caller.ts';
import type { ApprovalsEntry, EnvironmentEntry } from './environments-file.ts';
import { type Pipelines, pipelinesNamed } from './pipelines.ts';
import type { WantedEnvironment } from './drift.ts';
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
  const approvers = await approversNamed(entries.flatMap(namesIn), ask, identitiesAddress(context), refused);
  const named = entries.flatMap(({ pipelines }) => pipelines || []);
  const pipelines = await pipelinesNamed(named, service, explain);
  const faults = [...approvers.faults, ...pipelines.faults];
  if (faults.length > 0) throw new TaskError(`Nothing was changed. ${faults.join(' ')}`);
  checkTwice(entries, approvers);
  return {
    environments: entries.map((entry) => wantedEnvironment(entry, approvers, pipelines.found)),
    names: approvers.names,
  };
}

const approvalKeys = ['approvals', 'preApprovals', 'postApprovals'] as const;

const namesIn = (entry: EnvironmentEntry): readonly string[] => approvalKeys.flatMap((key) => namesOf(entry[key]));

function namesOf(approvals: ApprovalsEntry | undefined): readonly string[] {
  if (approvals === undefined || approvals === false) return [];
  return 'approvers' in approvals ? approvals.approvers : approvals;
}

/** Who stands in a list under two names approves once, so that a minimum might never be reached. */
function checkTwice(entries: readonly EnvironmentEntry[], { idOf, names }: Approvers): void {
  for (const entry of entries) {
    for (const key of approvalKeys) {
      const all = namesOf(entry[key]);
      const first = all.find((name, index) => all.findIndex((other) => idOf(other) === idOf(name)) < index);
      if (first === undefined) continue;
      const id = idOf(first);
      const given = all.filter((name) => idOf(name) === id).map((name) => `'${visible(name)}'`);
      throw new TaskError(
        `Nothing was changed. ${key} of ${entry.name} names ${visible(names.get(id) ?? id)} twice (${given.join(', ')}), who approves once: name everybody once.`,
      );
    }
  }
}

function wantedEnvironment(
  entry: EnvironmentEntry,
  approvers: Approvers,
  pipelines: Pipelines['found'],
): WantedEnvironment {
  const permitted = (entry.pipelines || []).flatMap((each) => {
    const found = pipelines.get(each);
    return found === undefined ? [] : [[found.id, found.name] as const];
  });
  return {
    name: entry.name,
    description: entry.description,
    checks: wantedChecks(entry, approvers.idOf),
    pipelines: entry.pipelines === undefined ? undefined : new Map(permitted),
  };
}
