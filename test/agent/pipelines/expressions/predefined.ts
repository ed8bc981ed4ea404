import { NotSupported } from '../yaml/refusal.ts';
import type { Value } from './value.ts';

/**
 * Predefined variables that the service has before a run (Microsoft's page on predefined variables, "Available in
 * templates?"), and those of the repository, of which the page and the service may differ.
 */
const beforeARun = new Set(
  [
    'Build.CronSchedule.DisplayName Build.DefinitionName Build.DefinitionVersion Build.QueuedBy Build.QueuedById',
    'Build.Reason Build.RequestedFor Build.RequestedForEmail Build.RequestedForId',
    'Build.SourceBranch Build.SourceBranchName Build.SourceVersion',
    'Build.Repository.ID Build.Repository.Name Build.Repository.Provider Build.Repository.Uri',
    'System.AccessToken System.CollectionId System.CollectionUri System.DefinitionId System.HostType',
    'System.PullRequest.IsFork System.StageName System.TeamFoundationCollectionUri System.TeamProject',
    'System.TeamProjectId',
  ].flatMap((line) => line.toLowerCase().split(' ')),
);

/** Those of a run that somebody starts by hand on the default branch, as a preview is one. */
export const ofManualRun: Readonly<Record<string, string>> = {
  'Build.Reason': 'Manual',
  'Build.SourceBranch': 'refs/heads/main',
  'Build.SourceBranchName': 'main',
  'System.HostType': 'build',
};

/** A variable that no file and no option gives: Null, unless the service would have it. Throws NotSupported for that. */
export function missingVariable(name: string): Value {
  if (!beforeARun.has(name.toLowerCase())) return null;
  throw new NotSupported(`the predefined variable '${name}' in a template expression, as its value is not known`);
}
