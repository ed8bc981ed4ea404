import path from 'node:path';
import type { StepResult } from '../../test/agent/index.ts';
import { loginServer, startPipeline, type Pipeline } from '../../test/bench/pipeline.ts';
import { runProgram } from '../../test/bench/run-program.ts';
import { realProgram } from '../../test/real/index.ts';
import { median } from './start-times.ts';

/** A step on loopback: how long it took and how many requests it made, of which how many to the registry. */
export interface StepCost {
  readonly name: string;
  readonly ms: number;
  readonly requests: number;
  readonly registryRequests: number;
}

const rounds = 5;
const to = { azureSubscription: 'contoso-azure', registry: loginServer };
const user = { username: 'contoso', password: 'password-of-the-admin-user' };

/** Saves, pushes and pulls the sample chart, and pushes it with helm beside. */
export async function measureDeliveries(): Promise<StepCost[]> {
  const pipeline = await startPipeline({ registry: { adminUser: user } });
  try {
    const library = pipeline.addChart('contoso-common');
    const app = pipeline.addChart('go-template-app');
    pipeline.commit('2026-03-01T12:00:00Z');
    await run(pipeline, 'HelmChartSave', 'saveLibrary', { chartPath: library });
    await run(pipeline, 'HelmChartPush', 'pushLibrary', { ...to, chartPath: '$(saveLibrary.chartPath)' });
    const costs: StepCost[][] = [];
    for (let round = 0; round < rounds; round++) costs.push(await deliver(pipeline, app, `1.0.${round}`));
    return (costs[0] ?? []).map((first, index) => ({
      ...first,
      ms: median(costs.map((all) => all[index]?.ms ?? NaN)),
    }));
  } finally {
    await pipeline.close();
  }
}

async function deliver(pipeline: Pipeline, chartPath: string, chartVersion: string): Promise<StepCost[]> {
  const suffix = chartVersion.replaceAll('.', '_');
  const save = `save${suffix}`;
  const push = `push${suffix}`;
  const archive = `$(${save}.chartPath)`;
  const azureSubscription = 'contoso-azure';
  return [
    await cost(pipeline, 'HelmChartSave, a private dependency', () =>
      run(pipeline, 'HelmChartSave', save, { chartPath, chartVersion, azureSubscription }),
    ),
    await cost(pipeline, 'HelmChartPush, a new version', () =>
      run(pipeline, 'HelmChartPush', push, { ...to, chartPath: archive }),
    ),
    await cost(pipeline, 'HelmChartPush, the same again', () =>
      run(pipeline, 'HelmChartPush', `again${suffix}`, { ...to, chartPath: archive }),
    ),
    await cost(pipeline, 'HelmChartPull', () =>
      run(pipeline, 'HelmChartPull', `pull${suffix}`, {
        azureSubscription,
        chartRef: `$(${push}.chartDigestRef)`,
        destination: path.join(pipeline.job.folders.temp, 'pulled'),
      }),
    ),
    await cost(pipeline, 'helm registry login, helm push', () =>
      pushWithHelm(pipeline, pipeline.job.variables.get(`${save}.chartPath`) ?? ''),
    ),
  ];
}

/** As a user and password, since helm knows nothing of Entra ID. */
async function pushWithHelm({ azure, job }: Pipeline, archive: string): Promise<void> {
  const helm = await realProgram('helm-4.1');
  const env = { ...azure.environment, HOME: job.folders.home };
  const login = ['registry', 'login', loginServer, '--username', user.username, '--password-stdin'];
  await runProgram(helm, login, env, user.password);
  await runProgram(helm, ['push', archive, `oci://${loginServer}/by-helm`], env);
}

async function run(
  pipeline: Pipeline,
  task: string,
  name: string,
  inputs: Record<string, string>,
): Promise<StepResult> {
  const step = await pipeline.run(task, { name, inputs });
  if (step.result !== 'Succeeded') throw new Error(`${task} ended as ${step.result}:\n${step.log.join('\n')}`);
  return step;
}

async function cost({ azure }: Pipeline, name: string, work: () => Promise<unknown>): Promise<StepCost> {
  const before = azure.requests.length;
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  const requests = azure.requests.slice(before);
  return {
    name,
    ms,
    requests: requests.length,
    registryRequests: requests.filter(({ host }) => host === loginServer).length,
  };
}
