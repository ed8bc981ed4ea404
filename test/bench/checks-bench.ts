import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import {
  startJob,
  type Job,
  type JobOptions,
  type ServiceConnection,
  type StepOptions,
  type StepResult,
} from '../agent/index.ts';
import type { Organization } from '../azure/devops/index.ts';
import { startAzure, type Azure, type AzureOptions, type RecordedRequest } from '../azure/index.ts';

const task = path.resolve(import.meta.dirname, '../../dist/tasks/EnvironmentChecks');

/** A job that brings environments in line with a file, in an organisation of its own. */
export class ChecksBench {
  readonly azure: Azure;
  readonly job: Job;

  private constructor(azure: Azure, job: Job) {
    this.azure = azure;
    this.job = job;
  }

  /** The job's identity may make environments. */
  static async start(
    options: (azure: Azure) => {
      readonly connections?: readonly ServiceConnection[];
      readonly job?: JobOptions;
    } = () => ({}),
    network: AzureOptions = {},
  ): Promise<ChecksBench> {
    const azure = await startAzure(network);
    const { connections = [], job = {} } = options(azure);
    azure.organization.environmentCreators.add(azure.organization.buildService.id);
    return new ChecksBench(
      azure,
      await startJob({
        accessToken: azure.job.accessToken,
        serviceConnections: connections,
        ...job,
        variables: {
          'System.OidcRequestUri': azure.job.oidcRequestUri,
          'System.TeamProjectId': azure.job.projectId,
          'System.TeamProject': 'delivery',
          ...job.variables,
        },
        environment: { ...azure.environment, ...job.environment },
      }),
    );
  }

  get organization(): Organization {
    return this.azure.organization;
  }

  /** Runs the step on a file with these environments, or with this text. */
  async run(
    environments: readonly object[] | string,
    inputs: Record<string, string> = {},
    watch: Pick<StepOptions, 'onStart' | 'cancel'> = {},
  ): Promise<StepResult> {
    const text = typeof environments === 'string' ? environments : stringify({ version: 1, environments });
    writeFileSync(path.join(this.job.folders.sources, 'environment-checks.yaml'), text);
    return this.job.runTask({
      task,
      inputs: { mode: 'check', file: 'environment-checks.yaml', ...inputs },
      condition: 'always()',
      ...watch,
    });
  }

  apply(environments: readonly object[] | string, inputs: Record<string, string> = {}): Promise<StepResult> {
    return this.run(environments, { mode: 'apply', ...inputs });
  }

  /** The requests that `work` makes, and those among them that write. */
  async requests<Result>(
    work: () => Promise<Result>,
  ): Promise<{ result: Result; all: readonly RecordedRequest[]; writes: readonly string[] }> {
    const before = this.azure.requests.length;
    const result = await work();
    const all = this.azure.requests.slice(before).filter(({ method }) => method !== 'CONNECT');
    return {
      result,
      all,
      writes: all.filter(isWrite).map(({ method, path: address }) => `${method} ${address.replace(/^.*_apis\//, '')}`),
    };
  }

  async close(): Promise<void> {
    await this.job.finish();
    await this.job.dispose();
    await this.azure.close();
  }
}

/** A query for many checks is a POST that reads; signing in is no affair of environments. */
function isWrite({ host, method, path: address }: RecordedRequest): boolean {
  return method !== 'GET' && /^dev\.azure\.com$/.test(host) && !/queryconfigurations|oidctoken/.test(address);
}
