import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Job } from '../agent/index.ts';
import { filesUnder, writeUnder } from '../agent/steps/artifact-files.ts';
import type { Azure, PlayedRun, Registry } from '../azure/index.ts';
import { startPipelineOn, type Pipeline, type PipelineOptions } from './pipeline.ts';

/** The variables of a run that a run of the CI pipeline, resource `ci`, triggered. */
export function triggeredBy(ci: PlayedRun): Record<string, string> {
  return {
    'System.TeamProjectId': ci.projectId,
    'Build.BuildId': '8001',
    'Build.DefinitionName': 'orders-cd',
    'Build.Reason': 'ResourceTrigger',
    'Resources.TriggeringAlias': 'ci',
    'Resources.TriggeringCategory': 'pipeline',
    'resources.pipeline.ci.projectID': ci.projectId,
    'resources.pipeline.ci.pipelineID': String(ci.pipelineId),
    'resources.pipeline.ci.pipelineName': ci.pipelineName,
    'resources.pipeline.ci.runID': String(ci.id),
    'resources.pipeline.ci.runName': ci.number,
    'resources.pipeline.ci.sourceBranch': ci.branch,
    'resources.pipeline.ci.sourceCommit': ci.commit,
  };
}

/** A job of the pipeline that deploys what `ci` built. */
export async function startDeployment<R extends Registry>(
  azure: Azure,
  registry: R,
  ci: PlayedRun,
  options: PipelineOptions = {},
): Promise<Pipeline<R>> {
  const variables = { ...triggeredBy(ci), ...options.job?.variables };
  return startPipelineOn(azure, registry, {
    helm: null,
    role: 'AcrPull',
    ...options,
    job: { ...options.job, variables },
  });
}

/** What `download: ci` does: puts the files of an artifact where the job finds them. Undefined removes the folder. */
export function download(
  job: Job,
  artifact: string,
  files: Readonly<Record<string, string | Buffer>> | undefined,
): void {
  const folder = path.join(job.variables.get('Pipeline.Workspace') ?? '', 'ci', artifact);
  rmSync(folder, { recursive: true, force: true });
  if (files === undefined) return;
  writeUnder(folder, new Map(Object.entries(files)));
}

/** The run that a job was part of, as Azure DevOps remembers it once it is over, with what the job published. */
export function finishedRun(azure: Azure, { variables, record }: Job): PlayedRun {
  const text = (name: string): string => variables.get(name) ?? '';
  const run = azure.pipelineRuns.add({
    projectId: text('System.TeamProjectId'),
    id: Number(text('Build.BuildId')),
    number: text('Build.BuildNumber'),
    pipelineId: Number(text('System.DefinitionId')),
    pipelineName: text('Build.DefinitionName'),
    branch: text('Build.SourceBranch'),
    commit: text('Build.SourceVersion'),
  });
  for (const { name, location } of record.artifacts) {
    run.artifacts.push({ name, kind: 'Container', files: Object.fromEntries(filesUnder(location)) });
  }
  return run;
}

/** A sound handoff of a run, as an object to change. */
export function sampleHandoff(ci: PlayedRun, chartDigest: string, imageDigest: string) {
  return {
    schemaVersion: 1 as unknown,
    chartVersion: '1.2.3',
    imgVersion: '4f6c2a9',
    chart: {
      name: 'app',
      version: '1.2.3',
      appVersion: '4f6c2a9',
      reference: 'oci://contoso.azurecr.io/helm/app:1.2.3',
      digest: chartDigest as string | undefined,
    },
    images: [{ name: 'web', repository: 'contoso.azurecr.io/web', tag: '4f6c2a9', digest: imageDigest }],
    variables: { replicas: '2' } as Record<string, unknown>,
    run: {
      organization: 'https://dev.azure.com/contoso/',
      projectId: ci.projectId,
      pipelineId: ci.pipelineId,
      pipelineName: ci.pipelineName,
      runId: ci.id,
      runNumber: ci.number,
      branch: ci.branch,
      commit: ci.commit,
      attempt: 1,
    },
    seal: undefined as { algorithm: string; value: string } | undefined,
  };
}

export type SampleHandoff = ReturnType<typeof sampleHandoff>;
