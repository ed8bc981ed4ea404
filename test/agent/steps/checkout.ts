import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Job } from '../job.ts';
import { PipelineError } from '../pipeline-error.ts';
import type { SourceRepository, StepContext } from '../pipelines/run/steps.ts';
import type { StepInputs } from './step-inputs.ts';
import type { StepKind } from './step-kind.ts';

const run = promisify(execFile);

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
        const commit = existsSync(path.join(repository.folder, '.git'))
          ? await clone(repository.folder, folder)
          : await copy(repository.folder, folder);
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
  { alias }: SourceRepository,
  { checkouts }: StepContext,
): void {
  const readOnly = { readOnly: true };
  if (checkouts > 1) {
    if (alias.toLowerCase() === 'self') variables.set('Build.Repository.LocalPath', folder, readOnly);
    return;
  }
  for (const name of ['Build.SourcesDirectory', 'Build.Repository.LocalPath', 'System.DefaultWorkingDirectory']) {
    variables.set(name, folder, readOnly);
  }
}

async function copy(source: string, folder: string): Promise<string> {
  await cp(source, folder, { recursive: true });
  return 'a copy of a folder that is no git repository';
}

async function git(...args: string[]): Promise<string> {
  return (await run('git', args, { maxBuffer: 2 ** 26 })).stdout;
}

/** The commit that the repository has checked out, and what is changed there and not committed. */
async function clone(source: string, folder: string): Promise<string> {
  const staged = `${folder}.git-clone`;
  await git('clone', '--quiet', '--no-hardlinks', source, staged);
  // The folder may be there already, with folders of other checkouts in it.
  await cp(staged, folder, { recursive: true });
  await rm(staged, { recursive: true });
  await git('-C', folder, 'checkout', '--quiet', '--detach');
  const listed = await git('-C', source, 'status', '--porcelain', '--no-renames', '--untracked-files=all', '-z');
  const changed = listed.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
  for (const file of changed) {
    const [from, to] = [path.join(source, file), path.join(folder, file)];
    if (existsSync(from)) await cp(from, to, { recursive: true });
    else await rm(to, { force: true });
  }
  const commit = (await git('-C', folder, 'rev-parse', 'HEAD')).trim();
  return changed.length === 0
    ? `commit ${commit}`
    : `commit ${commit} with ${changed.length} files as they are not committed yet`;
}
