import { randomUUID } from 'node:crypto';
import type { HookName, JobDocument, StageDocument } from './document.ts';
import type { QueuedRun, RunIdentity } from './service.ts';
import type { SourceRepository } from './steps.ts';

/**
 * Variables of a run that follow from how it was queued and from its repository; what the service itself says of the run comes
 * over them.
 */
export function variablesOfRun(
  queued: QueuedRun,
  run: RunIdentity,
  repository: SourceRepository | undefined,
): Record<string, string> {
  return {
    ...(repository !== undefined && variablesOfRepository(repository, run)),
    'Build.BuildId': String(run.id),
    'Build.BuildNumber': run.number,
    'Build.DefinitionName': queued.pipeline,
    'Build.Reason': queued.reason,
    'Build.RequestedFor': queued.requestedFor,
    'Build.SourceBranch': queued.branch,
    'Build.SourceBranchName': queued.branch.slice(queued.branch.lastIndexOf('/') + 1),
    'Build.SourceVersion': queued.commit,
    ...run.variables,
  };
}

/** A repository of the run's own project, as all are that are not on GitHub. */
function variablesOfRepository({ name }: SourceRepository, { variables }: RunIdentity): Record<string, string> {
  const { 'System.CollectionUri': collection, 'System.TeamProject': project } = variables;
  const uri = `${collection ?? ''}${project ?? ''}/_git/${name}`;
  return { 'Build.Repository.Name': name, 'Build.Repository.Provider': 'TfsGit', 'Build.Repository.Uri': uri };
}

/** Variables of a stage: `__default` is the stage of a file without stages. */
export function variablesOfStage({ name, displayName }: StageDocument): Record<string, string> {
  return {
    'System.StageName': name,
    'System.StageDisplayName': displayName ?? name,
    'System.StageAttempt': '1',
  };
}

/** Variables of a job. `part` is the leg of a matrix; a job without one is `__default`. */
export function variablesOfJob(stage: string, job: JobDocument, leg: string): Record<string, string> {
  const displayName = job.displayName ?? job.name;
  const name = leg === '' ? '__default' : leg;
  return {
    'System.PhaseName': job.name,
    'System.PhaseDisplayName': displayName,
    'System.PhaseAttempt': '1',
    'System.JobName': name,
    'System.JobDisplayName': leg === '' ? displayName : `${displayName} ${leg}`,
    'System.JobIdentifier': `${stage}.${job.name}.${name}`,
    'System.JobAttempt': '1',
    'System.JobId': randomUUID(),
    'Agent.JobName': leg === '' ? displayName : `${displayName} ${leg}`,
  };
}

const cycles: Readonly<Record<HookName, string>> = {
  preDeploy: 'PreIteration',
  deploy: 'Iteration',
  routeTraffic: 'Iteration',
  postRouteTraffic: 'Iteration',
  'on.success': 'PostIteration',
  'on.failure': 'PostIteration',
};

/** Variables of a deployment job's hook. */
export function variablesOfHook(environment: string, hook: HookName): Record<string, string> {
  return { 'Environment.Name': environment, 'Strategy.Name': 'runOnce', 'Strategy.CycleName': cycles[hook] };
}
