import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startJob, type Job } from '../../agent/index.ts';
import type { JobOptions, ServiceConnection } from '../../agent/index.ts';

/** The file that a sample task requires to talk like a real one. */
export const taskLibrary = path.resolve('node_modules/azure-pipelines-task-lib/task.js');

/** A service connection with a secret. */
export const azureConnection: ServiceConnection = {
  id: '9A1F0C56-1111-4222-8333-444455556666',
  name: 'Contoso Azure',
  type: 'azurerm',
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  parameters: { tenantid: 'tenant-1', serviceprincipalid: 'client-0001', serviceprincipalkey: 'sp-secret-key' },
  data: { environment: 'AzureCloud', subscriptionId: 'sub-1' },
};

interface SampleTask {
  /** Body of index.js, run with `say(line)` for a line on stdout. */
  readonly script: string;
  readonly post?: string;
  readonly definition?: Readonly<Record<string, unknown>>;
}

/** A script that prints these lines. */
export function printing(...lines: string[]): string {
  return lines.map((line) => `say(${JSON.stringify(line)});`).join('\n');
}

/** Sample tasks and jobs for the tests of one file; all are removed after each test. */
export function workbench(): {
  job: (options?: JobOptions) => Promise<Job>;
  task: (sample: SampleTask | string) => Promise<string>;
} {
  const jobs: Job[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const job of jobs.splice(0)) await job.dispose();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return {
    job: async (options) => {
      const job = await startJob(options);
      jobs.push(job);
      return job;
    },
    task: async (sample) => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'sample-task-'));
      folders.push(folder);
      await writeTask(folder, typeof sample === 'string' ? { script: sample } : sample);
      return folder;
    },
  };
}

async function writeTask(folder: string, { script, post, definition = {} }: SampleTask): Promise<void> {
  const prelude = 'const say = (line) => console.log(line);\n';
  const whole = {
    id: 'b7a3a1a2-6c65-4a24-9f0e-2a7d0a6f7c11',
    name: 'SampleTask',
    friendlyName: 'Sample task',
    version: { Major: 1, Minor: 2, Patch: 3 },
    execution: { Node20_1: { target: 'index.js' } },
    ...(post !== undefined && { postjobexecution: { Node20_1: { target: 'post.js' } } }),
    ...definition,
  };
  await writeFile(path.join(folder, 'task.json'), JSON.stringify(whole));
  await writeFile(path.join(folder, 'index.js'), prelude + script);
  if (post !== undefined) await writeFile(path.join(folder, 'post.js'), prelude + post);
}
