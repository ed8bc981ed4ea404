import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contosoTenant, subscriptionId } from '../../test/azure/index.ts';
import { clusterName, startClusterPipeline, type ClusterPipeline } from '../../test/bench/cluster-pipeline.ts';
import { runProgram } from '../../test/bench/run-program.ts';
import { cacheFolder } from '../../test/real/cache-folder.ts';
import { realProgram } from '../../test/real/index.ts';
import { costOf, typical, type Cost } from './costs.ts';
import type { Pair } from './deliveries.ts';

const rounds = 5;
const version = '2.90.0';
const instead = 'az login, az aks get-credentials, kubelogin convert-kubeconfig';

/**
 * Fetches the credentials of a cluster by our step, and by the Azure CLI with kubelogin.
 * @param install lets the Azure CLI be installed from PyPI (about 1.5 GB, some minutes) where it is not on PATH
 * @returns undefined where there is no Azure CLI
 */
export async function measureClusterAccess(roundTripMs: number, install: boolean): Promise<Pair[] | undefined> {
  const az = azureCli(install);
  if (az === undefined) return undefined;
  const pipeline = await startClusterPipeline({ kind: 'secret', azure: { roundTripMs } });
  const home = mkdtempSync(path.join(tmpdir(), 'bench-az-'));
  try {
    const theirs = await withAzureCli(az, home, pipeline);
    const costs: Record<'plain' | 'proven' | 'theirs', Cost[]> = { plain: [], proven: [], theirs: [] };
    for (let round = 0; round <= rounds; round += 1) {
      const plain = await costOf(pipeline.azure, () => fetched(pipeline, `plain${round}`, 'false'));
      const byHand = await costOf(pipeline.azure, theirs);
      const proven = await costOf(pipeline.azure, () => fetched(pipeline, `proven${round}`, 'true'));
      // The first round fills the caches of the machine.
      if (round === 0) continue;
      costs.plain.push(plain);
      costs.theirs.push(byHand);
      costs.proven.push(proven);
    }
    return [
      { name: 'AksCredentials, without the proof', ours: typical(costs.plain), instead, theirs: typical(costs.theirs) },
      { name: 'AksCredentials, access proven', ours: typical(costs.proven), instead, theirs: typical(costs.theirs) },
    ];
  } finally {
    await pipeline.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function azureCli(install: boolean): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    if (path.isAbsolute(folder) && existsSync(path.join(folder, 'az'))) return path.join(folder, 'az');
  }
  const environment = path.join(cacheFolder(), `azure-cli-${version}`);
  const az = path.join(environment, 'bin', 'az');
  if (existsSync(az)) return az;
  if (!install) return undefined;
  console.log(`Installing the Azure CLI ${version} into ${environment}; that takes some minutes.`);
  execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
  const pip = path.join(environment, 'bin', 'pip');
  execFileSync(pip, ['install', '--quiet', '--prefer-binary', `azure-cli==${version}`], { stdio: 'inherit' });
  return az;
}

async function withAzureCli(
  az: string,
  home: string,
  { azure, identity }: ClusterPipeline,
): Promise<() => Promise<void>> {
  const kubelogin = await realProgram('kubelogin');
  if (identity.kind !== 'secret') throw new Error('The Azure CLI signs in with a secret here.');
  const { secret } = identity;
  const kubeconfig = path.join(home, 'kubeconfig');
  const env = {
    ...process.env,
    ...azure.environment,
    AZURE_CONFIG_DIR: path.join(home, 'azure'),
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    KUBECONFIG: kubeconfig,
  };
  const login = ['login', '--service-principal', '--username', identity.clientId, '--tenant', contosoTenant];
  const cluster = ['--resource-group', 'rg-delivery', '--name', clusterName, '--subscription', subscriptionId];
  return async () => {
    await runProgram(az, [...login, `--password=${secret}`], env);
    await runProgram(az, ['aks', 'get-credentials', ...cluster, '--file', kubeconfig, '--overwrite-existing'], env);
    await runProgram(kubelogin, ['convert-kubeconfig', '--login', 'azurecli'], env);
  };
}

async function fetched(pipeline: ClusterPipeline, name: string, verifyAccess: string): Promise<number> {
  const step = await pipeline.fetch({ verifyAccess }, { name });
  if (step.result !== 'Succeeded') throw new Error(`AksCredentials ended as ${step.result}:\n${step.log.join('\n')}`);
  return step.durationMs;
}
