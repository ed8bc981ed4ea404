import { NotSupported, Refused } from '../yaml/refusal.ts';
import type { PipelineResource } from './document.ts';
import type { PipelineRunOptions } from './run-context.ts';
import type { ConsumedRun, QueuedRun, RunService } from './service.ts';

/**
 * The run behind each alias: the chosen one, which for the triggering alias is the run that triggered; else the latest one of
 * the resource's branch. Throws Refused where there is none.
 */
export function consumedRuns(
  resources: readonly PipelineResource[],
  chosen: ReadonlyMap<string, ConsumedRun>,
  service: RunService,
): Map<string, ConsumedRun> {
  const runs = resources.map((resource): [string, ConsumedRun] => {
    const { alias } = resource;
    return [alias, chosen.get(alias) ?? latestRun(resource, service)];
  });
  return new Map(runs);
}

function latestRun({ alias, source, branch, version, tags }: PipelineResource, service: RunService): ConsumedRun {
  if (version !== undefined) throw new NotSupported(`version of the pipeline resource '${alias}'`);
  if (tags.length > 0) throw new NotSupported(`tags of the pipeline resource '${alias}'`);
  const latest = service.latestRun({ pipeline: source, ...(branch !== undefined && { branch: fullBranch(branch) }) });
  if (latest === undefined) throw new Refused([unresolved(alias)]);
  return latest;
}

/** As azure-pipelines-yaml#459 quotes it. */
function unresolved(alias: string): string {
  const cause = `Unable to resolve latest version for pipeline ${alias}.`;
  return `${cause} This could be due to inaccessible pipeline or no version is available.`;
}

/** The variables `resources.pipeline.<alias>.*`, and those of the resource that triggered. */
export function resourceVariables(
  resources: readonly PipelineResource[],
  runs: ReadonlyMap<string, ConsumedRun>,
  triggeringAlias: string | undefined,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { alias, project } of resources) {
    const run = runs.get(alias);
    for (const [name, value] of Object.entries(run === undefined ? {} : ofRun(run))) {
      variables[`resources.pipeline.${alias}.${name}`] = value;
    }
    // The service sets it only for a resource whose project the file names.
    if (project !== undefined) variables[`resources.pipeline.${alias}.projectName`] = project;
  }
  if (triggeringAlias === undefined) return variables;
  return { ...variables, 'Resources.TriggeringAlias': triggeringAlias, 'Resources.TriggeringCategory': 'pipeline' };
}

function ofRun(run: ConsumedRun): Record<string, string> {
  return {
    projectID: run.projectId,
    pipelineName: run.pipelineName,
    pipelineID: String(run.pipelineId),
    runName: run.number,
    runID: String(run.id),
    runURI: `vstfs:///Build/Build/${run.id}`,
    sourceBranch: run.branch,
    sourceCommit: run.commit,
    sourceProvider: 'TfsGit',
    requestedFor: run.requestedFor,
  };
}

/** What checks see of the repositories that a pipeline names: the template that it extends may be of its own one. */
export function sourcesOf({
  pipeline: { repositories, extended },
  queued: { branch },
  repositories: [self],
}: Pick<PipelineRunOptions, 'pipeline' | 'queued' | 'repositories'>): Pick<QueuedRun, 'sources'> {
  if (repositories.length === 0 && extended === undefined) return {};
  const refs = repositories.map(({ ref }) => ref);
  const own = { alias: 'self', type: 'git', name: self?.name ?? '', ref: branch };
  const from = [own, ...repositories].find(({ alias }) => alias === extended?.alias);
  if (extended === undefined || from === undefined) return { sources: { refs } };
  const { type, name: repository, ref } = from;
  return { sources: { refs, extended: { type, repository, ref, path: extended.path } } };
}

/** A branch as refs name it: `main` is `refs/heads/main`. */
export function fullBranch(branch: string): string {
  return branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
}
