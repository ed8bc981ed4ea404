import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expandedPipeline, type Expansion } from '../../test/agent/pipelines/expand.ts';
import {
  readPipeline,
  refuseUnplayed,
  runPipeline,
  type PipelineRecord,
  type PipelineRunOptions,
} from '../../test/agent/pipelines/run/index.ts';
import type { QueuedRun } from '../../test/agent/pipelines/run/service.ts';
import { PipelineSteps, readCatalogue, TaskCatalogue } from '../../test/agent/steps/index.ts';
import extension from '../../vss-extension.json' with { type: 'json' };
import { needsOf, startPlayedAzure, type Needs } from './played-azure.ts';
import { summary, told } from './telling.ts';

/**
 * Plays a pipeline file in a played Azure and tells it on standard output: 0 when it succeeded, 1 when not. Ctrl+C cancels the
 * run.
 * @param startedByHand stages with `trigger: manual` to start
 */
export async function runFile(expansion: Expansion, startedByHand: readonly string[]): Promise<number> {
  const folder = path.resolve(expansion.root ?? path.dirname(expansion.file));
  const queued = queuedIn(folder);
  const variables = expansion.variables ?? {};
  const known = { 'Build.SourceBranch': queued.branch, 'Build.SourceVersion': queued.commit };
  const pipeline = readPipeline(expandedPipeline({ ...expansion, variables: { ...known, ...variables } }));
  const tasks = await catalogue();
  const steps = new PipelineSteps(tasks, { standInForDocker: true });
  refuseUnplayed(pipeline, steps);
  const needs = await needsOf(pipeline, tasks, variables, folder);
  const others = [...(expansion.repositories ?? [])];
  const repositories = [['self', folder] as const, ...others].map(([alias, where]) => {
    return { alias, name: path.basename(where), folder: where };
  });
  const record = await played(needs, { pipeline, queued, steps, repositories, startedByHand, variables });
  say(`\n${summary(record)}`);
  return record.result === 'Succeeded' || record.result === 'SucceededWithIssues' ? 0 : 1;
}

async function played(needs: Needs, options: Omit<PipelineRunOptions, 'service'>): Promise<PipelineRecord> {
  const cancelling = new AbortController();
  // Pressed again it changes nothing: the agent ends what does not end by itself, and only then is nothing left behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelling.abort());
  const { azure, world, close } = await startPlayedAzure(needs);
  try {
    for (const made of world.made) say(`Made for this run: ${made}`);
    return await runPipeline({
      ...options,
      service: azure.organization,
      cancel: cancelling.signal,
      listener: (event) => {
        const line = told(event);
        if (line !== undefined) say(line);
      },
    });
  } finally {
    await close();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The tasks of this repository once they are built; a pipeline that names none of them needs no build. */
async function catalogue(): Promise<TaskCatalogue> {
  const tasks = path.resolve(import.meta.dirname, '../../dist/tasks');
  const { publisher, id } = extension;
  return existsSync(tasks) ? readCatalogue({ tasks, publisher, id }) : new TaskCatalogue([], { publisher, id });
}

function queuedIn(folder: string): QueuedRun {
  const pipeline = path.basename(folder);
  const commit = git(folder, 'rev-parse', 'HEAD') ?? '0'.repeat(40);
  const branch = git(folder, 'symbolic-ref', 'HEAD') ?? 'refs/heads/main';
  return { pipeline, branch, commit, reason: 'Manual', requestedFor: 'you' };
}

/** Undefined where the folder is no repository, or git is not there. */
function git(folder: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
