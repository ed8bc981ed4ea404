import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { startJob, type Job, type JobOptions, type ServiceConnection, type StepResult } from '../agent/index.ts';
import {
  startAzure,
  type Azure,
  type AzureOptions,
  type EmulatedRegistry,
  type Identity,
  type Registry,
  type RegistrySettings,
} from '../azure/index.ts';
import { node, realProgram, type NodeMajor, type ProgramId } from '../real/index.ts';
import { azureConnection } from './connections.ts';

export const loginServer = 'contoso.azurecr.io';
export const chartsFolder = path.resolve(import.meta.dirname, '../fixtures/charts');
const tasksFolder = path.resolve(import.meta.dirname, '../../dist/tasks');

export interface PipelineOptions {
  /** Role of the default identity on the registry; default AcrPush. */
  readonly role?: string;
  /** Which helm is on the agent's PATH; default 4.1, null for none. */
  readonly helm?: ProgramId | null;
  /** Node that runs the tasks; default the one of the tests. */
  readonly node?: NodeMajor;
  readonly connections?: readonly ServiceConnection[];
  readonly job?: JobOptions;
}

/** Inputs of a step, and what else the tests may want of it. */
export type TaskStep = Omit<Parameters<Job['runTask']>[0], 'task' | 'node'>;

/** A pipeline job of Contoso's, with Azure on loopback around it. */
export interface Pipeline<R extends Registry = EmulatedRegistry> {
  readonly azure: Azure;
  readonly registry: R;
  readonly identity: Identity;
  readonly job: Job;
  /** Runs a built task, by its name. */
  run(task: string, step?: TaskStep): Promise<StepResult>;
  /** Puts a sample chart into the sources; returns its path from there. */
  addChart(name: string): string;
  /** Commits the sources at a time. */
  commit(date: string): void;
  close(): Promise<void>;
}

/** Starts an Azure of its own and a job in it, whose connection `contoso-azure` may push to contoso.azurecr.io. */
export async function startPipeline(
  options: PipelineOptions & { readonly registry?: Partial<RegistrySettings>; readonly azure?: AzureOptions } = {},
): Promise<Pipeline> {
  const azure = await startAzure(options.azure);
  const pipeline = await startPipelineOn(azure, azure.registry(loginServer, options.registry), options);
  return {
    ...pipeline,
    async close() {
      await pipeline.close();
      await azure.close();
    },
  };
}

/** The same in an Azure that the caller closes. */
export async function startPipelineOn<R extends Registry>(
  azure: Azure,
  registry: R,
  options: PipelineOptions = {},
): Promise<Pipeline<R>> {
  const roles = [{ role: options.role ?? 'AcrPush', scope: loginServer }];
  const identity = azure.identities.add({ kind: 'federated', roles });
  const job = await startJob(await jobOptions(azure, identity, options));
  const nodePath = options.node === undefined ? process.execPath : await node(options.node);
  return {
    azure,
    registry,
    identity,
    job,
    run: (task, step = {}) => job.runTask({ ...step, task: path.join(tasksFolder, task), node: nodePath }),
    addChart(name) {
      cpSync(path.join(chartsFolder, name), path.join(job.folders.sources, 'charts', name), { recursive: true });
      return `charts/${name}`;
    },
    commit: (date) => commit(job.folders.sources, date),
    async close() {
      await job.finish();
      await job.dispose();
    },
  };
}

async function jobOptions(azure: Azure, identity: Identity, options: PipelineOptions): Promise<JobOptions> {
  const helm = options.helm === null ? [] : [path.dirname(await realProgram(options.helm ?? 'helm-4.1'))];
  const PATH = [...helm, ...systemFolders()].join(path.delimiter);
  return {
    accessToken: azure.job.accessToken,
    ...options.job,
    variables: { 'System.OidcRequestUri': azure.job.oidcRequestUri, ...options.job?.variables },
    serviceConnections: [azureConnection(identity), ...(options.connections ?? [])],
    environment: { ...azure.environment, PATH, ...options.job?.environment },
  };
}

/** PATH without any folder that holds a helm of this machine. */
function systemFolders(): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.filter((folder) => folder !== '' && !existsSync(path.join(folder, 'helm')));
}

function commit(folder: string, date: string): void {
  const person = { NAME: 'Contoso', EMAIL: 'ci@contoso.example' };
  const env = {
    ...process.env,
    ...Object.fromEntries(
      Object.entries(person).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    ),
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const git = (...args: string[]): void => void execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=Add the chart');
}

/** What the user reads of a failed step, in one text. */
export function messageOf(step: StepResult): string {
  return step.issues.map((issue) => issue.message).join('\n');
}
