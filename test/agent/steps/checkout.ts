import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Job } from '../job.ts';
import { PipelineError } from '../pipeline-error.ts';
import type { SourceRepository, StepContext } from '../pipelines/run/steps.ts';
import { copyRepository } from './repository-copy.ts';
import type { StepInputs } from './step-inputs.ts';
import type { StepKind } from './step-kind.ts';

/** `checkout:`. Sources are copied, so nothing that is fetched in another way (submodules, LFS) is played. */
export const checkout: StepKind = {
  title: 'checkout@1',
  ids: ['6d15af64-176c-496d-b583-fd2ae21d4df4'],
  inputs: 'repository path clean fetchDepth fetchFilter fetchTags persistCredentials submodules lfs workspaceRepo',
  unplayed: (inputs) =>
    ['submodules', 'lfs', 'workspaceRepo']
      .filter((name) => !['', 'false'].includes(inputs.text(name)?.toLowerCase() ?? ''))
      .map((name) => `checkout with ${name}: ${inputs.text(name) ?? ''}`)[0],
  run: (job, { inputs, options, context }) => {
    const alias = inputs.text('repository') ?? 'self';
    const displayName = options.displayName ?? `Checkout ${alias}`;
    if (alias.toLowerCase() === 'none') {
      return job.runAction({ ...options, displayName, act: () => Promise.resolve() });
    }
    const repository = context.repositories.find((each) => each.alias.toLowerCase() === alias.toLowerCase());
    if (repository === undefined)
      throw new PipelineError(`The checkout names the repository '${alias}', which is not a resource.`);
    return job.runAction({
      ...options,
      displayName,
      act: async ({ transcript }) => {
        const folder = destination(job, inputs, repository, context);
        placeSources(job, folder, repository, context);
        await mkdir(path.dirname(folder), { recursive: true });
        const version = isSelf(repository) ? job.expand('$(Build.SourceVersion)') : '';
        const commit = await copyRepository(repository.folder, folder, version);
        transcript.output(`${repository.name} is in ${folder}, ${commit}.`);
      },
    });
  },
};

/** By the agent's RepositoryPlugin: `path` counts from the build's folder, and may not leave it. */
function destination(job: Job, inputs: StepInputs, { name }: SourceRepository, { checkouts }: StepContext): string {
  const { build, sources } = job.folders;
  const given = inputs.text('path');
  if (given === undefined) return checkouts > 1 ? path.join(sources, name.split('/').at(-1) ?? name) : sources;
  const folder = path.resolve(build, given);
  if (!folder.startsWith(build + path.sep)) {
    throw new Error(
      `Input path '${given}' should resolve to a directory under '${build}', current resolved path '${folder}'.`,
    );
  }
  return folder;
}

/** One checkout is where the job works; of several, the pipeline's own repository only has its LocalPath there. */
function placeSources(
  { variables }: Job,
  folder: string,
  repository: SourceRepository,
  { checkouts }: StepContext,
): void {
  const readOnly = { readOnly: true };
  if (checkouts > 1) {
    if (isSelf(repository)) variables.set('Build.Repository.LocalPath', folder, readOnly);
    return;
  }
  for (const name of ['Build.SourcesDirectory', 'Build.Repository.LocalPath', 'System.DefaultWorkingDirectory']) {
    variables.set(name, folder, readOnly);
  }
}

function isSelf({ alias }: SourceRepository): boolean {
  return alias.toLowerCase() === 'self';
}
