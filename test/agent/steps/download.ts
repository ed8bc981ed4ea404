import path from 'node:path';
import { PipelineError } from '../pipeline-error.ts';
import type { StepContext } from '../pipelines/run/steps.ts';
import type { StoredArtifact } from '../pipelines/run/service.ts';
import type { StepContext as AgentStep } from '../step-context.ts';
import { writeUnder } from './artifact-files.ts';
import { matchesPatterns } from './patterns.ts';
import type { StepInputs } from './step-inputs.ts';
import type { StepKind } from './step-kind.ts';

/** `download:`: into `$(Pipeline.Workspace)/<alias>/<artifact>`; the run's own artifacts without the alias. */
const download: StepKind = {
  title: 'download@1',
  ids: ['30f35852-3f7e-4c0c-9a88-e127b4f97211'],
  inputs: 'alias artifact patterns',
  run: (job, { inputs, options, context }) => {
    const alias = inputs.text('alias') ?? 'current';
    const displayName = options.displayName ?? `Download ${alias}`;
    if (alias.toLowerCase() === 'none') return job.runAction({ ...options, displayName, act: () => Promise.resolve() });
    const isCurrent = alias.toLowerCase() === 'current';
    const [name, runId] = isCurrent ? ['', context.run.id] : consumed(alias, context);
    return job.runAction({
      ...options,
      displayName,
      act: ({ transcript }) => {
        const folder = path.join(job.expand('$(Pipeline.Workspace)'), name);
        const artifacts = chosen(inputs, runId, context);
        for (const artifact of artifacts) write(artifact, path.join(folder, artifact.name), inputs, transcript);
        return Promise.resolve();
      },
    });
  },
};

/** DownloadPipelineArtifact@2: a named artifact without a folder of its own, several with one each. */
const downloadPipelineArtifact: StepKind = {
  title: 'DownloadPipelineArtifact@2',
  ids: ['61f2a582-95ae-4948-b34d-a1b3c4f6a737'],
  inputs:
    'buildType source artifact artifactName patterns itemPattern path targetPath downloadPath project pipeline definition runVersion buildVersionToDownload runId pipelineId buildId',
  unplayed: (inputs) => {
    const version = inputs.text('runVersion', 'buildVersionToDownload') ?? 'latest';
    return isSpecific(inputs) && version.toLowerCase() !== 'specific'
      ? `DownloadPipelineArtifact@2 with runVersion ${version}`
      : undefined;
  },
  run: (job, { inputs, options, context }) => {
    const id = isSpecific(inputs) ? Number(inputs.text('runId', 'pipelineId', 'buildId')) : context.run.id;
    return job.runAction({
      ...options,
      act: ({ transcript }) => {
        const given = inputs.text('targetPath', 'path', 'downloadPath') ?? job.expand('$(Pipeline.Workspace)');
        const folder = path.resolve(job.expand('$(System.DefaultWorkingDirectory)'), given);
        for (const artifact of chosen(inputs, id, context)) {
          write(artifact, isNamed(inputs) ? folder : path.join(folder, artifact.name), inputs, transcript);
        }
        return Promise.resolve();
      },
    });
  },
};

/** The steps that download artifacts. */
export const downloadKinds: readonly StepKind[] = [download, downloadPipelineArtifact];

const isNamed = (inputs: StepInputs): boolean => inputs.text('artifactName', 'artifact') !== undefined;

const isSpecific = (inputs: StepInputs): boolean =>
  (inputs.text('source', 'buildType') ?? 'current').toLowerCase() === 'specific';

function consumed(alias: string, { consumedRuns }: StepContext): [string, number] {
  const found = [...consumedRuns].find(([name]) => name.toLowerCase() === alias.toLowerCase());
  if (found === undefined)
    throw new PipelineError(`The download names the pipeline '${alias}', which is not a resource.`);
  return [found[0], found[1].id];
}

/** All artifacts, or the one that is named. */
function chosen(inputs: StepInputs, runId: number, { service }: StepContext): readonly StoredArtifact[] {
  const all = service.artifacts(runId);
  const name = inputs.text('artifactName', 'artifact');
  if (name === undefined) return all;
  const found = all.find((artifact) => artifact.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new Error(`Artifact ${name} was not found for build ${runId}.`);
  return [found];
}

/** Patterns begin within an artifact that is named, else with its name (the agent's PipelineArtifactProvider). */
function write(
  artifact: StoredArtifact,
  folder: string,
  inputs: StepInputs,
  transcript: AgentStep['transcript'],
): void {
  const patterns = inputs.text('patterns', 'itemPattern') ?? '**';
  const files = [...artifact.files].filter(([file]) =>
    matchesPatterns(isNamed(inputs) ? file : `${artifact.name}/${file}`, patterns),
  );
  writeUnder(folder, new Map(files));
  transcript.output(`Artifact ${artifact.name} to ${folder}: ${files.map(([file]) => file).join(', ') || 'no file'}`);
}
