import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Job } from '../../job.ts';
import { PipelineError } from '../../pipeline-error.ts';
import { pathsUnder } from '../artifact-files.ts';
import { matchesPatterns } from '../patterns.ts';
import type { StepInputs } from '../step-inputs.ts';
import type { StepKind } from '../step-kind.ts';

const commands = ['build', 'push', 'buildandpush'];

/** Docker@2, by whatever `docker` is on the job's PATH, and with the logins that earlier steps left there. */
export const docker: StepKind = {
  title: 'Docker@2',
  ids: ['e28912f1-0114-4464-802a-a3a35437fd16'],
  inputs: 'command repository Dockerfile buildContext tags arguments addPipelineData addBaseImageData',
  unplayed: (inputs) => {
    const command = commandOf(inputs);
    return commands.includes(command) ? undefined : `Docker@2 with command ${command}`;
  },
  run: (job, { inputs, options }) => job.runScript({ ...options, script: scriptOf(job, inputs) }),
};

function commandOf(inputs: StepInputs): string {
  return (inputs.text('command') ?? 'buildAndPush').toLowerCase();
}

/** The task's `arguments` count for one command, not for both. */
function scriptOf(job: Job, inputs: StepInputs): string {
  const command = commandOf(inputs);
  const repository = inputs.text('repository');
  if (repository === undefined)
    throw new PipelineError("Docker@2 without containerRegistry needs the input 'repository'.");
  const tags = (inputs.text('tags') ?? job.expand('$(Build.BuildId)')).split(/[\n,]/).map((tag) => tag.trim());
  const names = tags.filter((tag) => tag !== '').map((tag) => quoted(`${repository}:${tag}`));
  const more = command === 'buildandpush' ? '' : ` ${inputs.raw('arguments')}`;
  const lines = ['set -e'];
  if (command !== 'push') {
    const file = dockerfile(job, inputs);
    const context = inputs.text('buildContext') ?? '**';
    const folder = context === '**' ? path.dirname(file) : context;
    lines.push(
      `docker build -f ${quoted(file)} ${names.map((name) => `-t ${name}`).join(' ')}${more} ${quoted(folder)}`,
    );
  }
  if (command !== 'build') lines.push(...names.map((name) => `docker push ${name}${more}`));
  return lines.join('\n');
}

/** The first file that the pattern matches, as in the task; docker says so where there is none. */
function dockerfile(job: Job, inputs: StepInputs): string {
  const folder = job.expand('$(System.DefaultWorkingDirectory)');
  const pattern = inputs.text('Dockerfile') ?? '**/Dockerfile';
  const direct = path.resolve(folder, pattern);
  const found = existsSync(direct) ? direct : pathsUnder(folder).find((file) => matchesPatterns(file, pattern));
  return path.resolve(folder, found ?? pattern);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
