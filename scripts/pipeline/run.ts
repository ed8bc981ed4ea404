import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expandedPipeline, type Expansion } from '../../test/agent/pipelines/expand.ts';
import { readPipeline, runPipeline } from '../../test/agent/pipelines/run/index.ts';
import type { QueuedRun } from '../../test/agent/pipelines/run/service.ts';
import { PipelineSteps, readCatalogue, TaskCatalogue } from '../../test/agent/steps/index.ts';
import extension from '../../vss-extension.json' with { type: 'json' };
import { BareService } from './bare-service.ts';
import { summary, told } from './telling.ts';

/**
 * Plays a pipeline file and tells it on standard output: 0 when it succeeded, 1 when not. Ctrl+C cancels the run.
 * @param startedByHand stages with `trigger: manual` to start
 */
export async function runFile(expansion: Expansion, startedByHand: readonly string[]): Promise<number> {
  const folder = path.resolve(expansion.root ?? path.dirname(expansion.file));
  const queued = queuedIn(folder);
  const given = expansion.variables ?? {};
  const known = { 'Build.SourceBranch': queued.branch, 'Build.SourceVersion': queued.commit };
  const pipeline = readPipeline(expandedPipeline({ ...expansion, variables: { ...known, ...given } }));
  const others = [...(expansion.repositories ?? [])];
  const cancelling = new AbortController();
  const cancel = (): void => cancelling.abort();
  // Pressed again it changes nothing: the agent ends what does not end by itself, and only then is nothing left behind.
  for (const signal of signals) process.on(signal, cancel);
  const record = await runPipeline({
    pipeline,
    startedByHand,
    variables: given,
    queued,
    service: new BareService(),
    steps: new PipelineSteps(await catalogue(), { standInForDocker: !hasProgram('docker') }),
    repositories: [['self', folder] as const, ...others].map(([alias, where]) => ({
      alias,
      name: path.basename(where),
      folder: where,
    })),
    cancel: cancelling.signal,
    listener: (event) => {
      const line = told(event);
      if (line !== undefined) process.stdout.write(`${line}\n`);
    },
  });
  process.stdout.write(`\n${summary(record)}`);
  return record.result === 'Succeeded' || record.result === 'SucceededWithIssues' ? 0 : 1;
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The tasks of this repository once they are built; a pipeline that names none of them needs no build. */
async function catalogue(): Promise<TaskCatalogue> {
  const tasks = path.resolve(import.meta.dirname, '../../dist/tasks');
  const { publisher, id } = extension;
  return existsSync(tasks) ? readCatalogue({ tasks, publisher, id }) : new TaskCatalogue([], { publisher, id });
}

/** Whether a program of this name is on PATH. */
function hasProgram(name: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, name)));
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
