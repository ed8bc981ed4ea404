import path from 'node:path';
import type { StepResult } from '../../test/agent/index.ts';
import { loginServer, startPipeline, type Pipeline } from '../../test/bench/pipeline.ts';
import { runProgram } from '../../test/bench/run-program.ts';
import { realProgram } from '../../test/real/index.ts';
import { costOf, typical, type Cost } from './costs.ts';

/** One of our steps, and what a user would run instead; both are what the registry and the sign-in saw of them, too. */
export interface Pair {
  readonly name: string;
  readonly ours: Cost;
  readonly instead: string;
  readonly theirs: Cost;
}

const rounds = 7;
const to = { azureSubscription: 'contoso-azure', registry: loginServer };
const user = { username: 'contoso', password: 'password-of-the-admin-user' };
const signedIn = 'helm push, signed in before';

/** Pushes and pulls the sample chart by our steps and by helm, in turn, over a network of this round trip. */
export async function measureDeliveries(roundTripMs: number): Promise<Pair[]> {
  const pipeline = await startPipeline({ registry: { adminUser: user }, azure: { roundTripMs } });
  try {
    const helm = await helmOf(pipeline);
    await helm('registry', 'login', loginServer, '--username', user.username, '--password-stdin');
    const library = pipeline.addChart('contoso-common');
    const app = pipeline.addChart('go-template-app');
    await run(pipeline, 'HelmChartSave', 'saveLibrary', { chartPath: library });
    await run(pipeline, 'HelmChartPush', 'pushLibrary', { ...to, chartPath: '$(saveLibrary.chartPath)' });
    const costs = new Map<string, Cost[]>();
    for (let round = 0; round <= rounds; round += 1) {
      const measured = await deliver(pipeline, helm, app, `1.0.${round}`);
      // The first round fills the caches of the machine.
      if (round > 0) for (const [name, cost] of measured) costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
    const of = (name: string): Cost => typical(costs.get(name) ?? []);
    return pairs.map(([name, instead]) => ({ name, ours: of(name), instead, theirs: of(instead) }));
  } finally {
    await pipeline.close();
  }
}

const pairs = [
  ['HelmChartSave, a private dependency', 'helm registry login, dependency build, lint, package'],
  ['HelmChartPush, a new version', signedIn],
  ['HelmChartPush, the same again', signedIn],
  ['HelmChartPull, by digest', 'helm pull, signed in before'],
] as const;

type Helm = (...args: string[]) => Promise<void>;

/** As a user and password, since helm knows nothing of Entra ID. */
async function helmOf({ azure, job }: Pipeline): Promise<Helm> {
  const helm = await realProgram('helm-4.1');
  const env = { ...azure.environment, HOME: job.folders.home };
  return async (...args) => void (await runProgram(helm, args, env, user.password));
}

async function deliver(
  pipeline: Pipeline,
  helm: Helm,
  chartPath: string,
  chartVersion: string,
): Promise<[string, Cost][]> {
  const { azure, job } = pipeline;
  const suffix = chartVersion.replaceAll('.', '_');
  const [save, push] = [`save${suffix}`, `push${suffix}`];
  const archive = `$(${save}.chartPath)`;
  const azureSubscription = 'contoso-azure';
  // Helm, in its turn, leaves what it fetched in the sources.
  const dependencies = { dependencyRegistries: loginServer, buildDependencies: 'always' };
  const pulled = path.join(job.folders.temp, 'pulled');
  const saved = (): string => job.variables.get(`${save}.chartPath`) ?? '';
  const folder = path.join(job.folders.sources, chartPath);
  const login = (): Promise<void> =>
    helm('registry', 'login', loginServer, '--username', user.username, '--password-stdin');
  const measured: [string, () => Promise<number | void>][] = [
    [
      pairs[0][0],
      () => run(pipeline, 'HelmChartSave', save, { ...dependencies, chartPath, chartVersion, azureSubscription }),
    ],
    [
      pairs[0][1],
      async () => {
        await login();
        await helm('dependency', 'build', folder);
        await helm('lint', folder);
        await helm('package', folder, `--version=${chartVersion}`, `--destination=${job.folders.temp}`);
      },
    ],
    [pairs[1][0], () => run(pipeline, 'HelmChartPush', push, { ...to, chartPath: archive })],
    [signedIn, () => helm('push', saved(), `oci://${loginServer}/by-helm`)],
    [pairs[2][0], () => run(pipeline, 'HelmChartPush', `again${suffix}`, { ...to, chartPath: archive })],
    [
      pairs[3][0],
      () =>
        run(pipeline, 'HelmChartPull', `pull${suffix}`, {
          azureSubscription,
          registry: loginServer,
          chartRef: `$(${push}.chartDigestRef)`,
          destination: pulled,
        }),
    ],
    [
      pairs[3][1],
      () =>
        helm(
          'pull',
          `oci://${loginServer}/by-helm/go-template-app`,
          '--version',
          chartVersion,
          '--destination',
          pulled,
        ),
    ],
  ];
  const costs: [string, Cost][] = [];
  for (const [name, work] of measured) costs.push([name, await costOf(azure, work)]);
  return costs;
}

async function run(pipeline: Pipeline, task: string, name: string, inputs: Record<string, string>): Promise<number> {
  const step: StepResult = await pipeline.run(task, { name, inputs });
  if (step.result !== 'Succeeded') throw new Error(`${task} ended as ${step.result}:\n${step.log.join('\n')}`);
  return step.durationMs;
}
