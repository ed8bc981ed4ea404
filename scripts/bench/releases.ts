import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loginServer } from '../../test/bench/pipeline.ts';
import { startReleasePipeline, type ReleasePipeline } from '../../test/bench/release-pipeline.ts';
import { runProgram } from '../../test/bench/run-program.ts';
import { realProgram } from '../../test/real/index.ts';
import { costOf, typical, type Cost } from './costs.ts';
import type { Pair } from './deliveries.ts';

const rounds = 5;
const user = { username: 'reader', password: 'a-repository-scoped-token' };
const helm = 'helm-4.2';
const instead = 'helm upgrade --install --wait, signed in and with a kubeconfig before';

type Upgrade = (greeting: string) => Promise<number | void>;

/**
 * Rolls the sample chart out by its digest, each time with another value, on the small API server, whose pods run at once: by
 * our step, which opens the cluster by itself or takes an earlier step's, and by helm, which signed in to the registry before
 * and has a kubeconfig with kubelogin.
 */
export async function measureReleases(roundTripMs: number): Promise<Pair[]> {
  const pipeline = await startReleasePipeline({ kind: 'secret', helm, azure: { roundTripMs } });
  const home = mkdtempSync(path.join(tmpdir(), 'bench-helm-'));
  try {
    const access = await pipeline.fetch({}, { name: 'aks' });
    if (access.result !== 'Succeeded') throw new Error(access.log.join('\n'));
    const ways = {
      whole: byStep(pipeline, { releaseName: 'whole' }),
      given: byStep(pipeline, { releaseName: 'given', resourceGroup: '', cluster: '' }),
      helm: await byHelm(pipeline, home),
    };
    const costs: Record<keyof typeof ways, Cost[]> = { whole: [], given: [], helm: [] };
    // The first round installs, and fills the caches of the machine.
    for (let round = 0; round <= rounds; round += 1) {
      for (const way of ['whole', 'given', 'helm'] as const) {
        const cost = await costOf(pipeline.azure, () => ways[way](`Round ${round}`));
        if (round > 0) costs[way].push(cost);
      }
    }
    const theirs = typical(costs.helm);
    return [
      { name: 'HelmReleaseDeploy, an upgrade by digest', ours: typical(costs.whole), instead, theirs },
      { name: 'HelmReleaseDeploy, after AksCredentials', ours: typical(costs.given), instead, theirs },
    ];
  } finally {
    await pipeline.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function byStep({ deploy, charts: [chart] }: ReleasePipeline, inputs: Readonly<Record<string, string>>): Upgrade {
  return async (greeting) => {
    const step = await deploy({ ...inputs, chart: chart.byDigest, set: `config.GREETING=${greeting}` });
    if (step.result !== 'Succeeded')
      throw new Error(`HelmReleaseDeploy ended as ${step.result}:\n${step.log.join('\n')}`);
    return step.durationMs;
  };
}

async function byHelm({ azure, charts: [chart], job, registry }: ReleasePipeline, home: string): Promise<Upgrade> {
  registry.settings.tokens = [{ ...user, scopeMap: { 'helm/*': ['pull'] } }];
  const program = await realProgram(helm);
  const env = { ...process.env, ...azure.environment, HOME: home, KUBECONFIG: job.variables.get('KUBECONFIG') };
  const login = ['registry', 'login', loginServer, '--username', user.username, '--password-stdin'];
  await runProgram(program, login, env, user.password);
  const place = ['--namespace', 'shop', '--timeout', '60s'];
  return async (greeting) => {
    const values = ['--set', `config.GREETING=${greeting}`];
    await runProgram(
      program,
      ['upgrade', '--install', 'by-helm', chart.byDigest, '--wait=legacy', ...place, ...values],
      env,
    );
  };
}
