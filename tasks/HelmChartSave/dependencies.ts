import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ChartMetadata } from '../common/chart/metadata/metadata.ts';
import { repositoriesFor, type HelmCli } from '../common/helm/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { toolNetwork } from '../common/task/network.ts';
import { TaskError } from '../common/task/outcome.ts';
import { signInForDependencies } from './dependency-sign-in.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import type { NamedRepository } from './repositories.ts';

interface Packaging {
  readonly helm: HelmCli;
  readonly folder: string;
  readonly chart: ChartMetadata;
  /** Where helm is sent to. */
  readonly repositories: readonly NamedRepository[];
  readonly inputs: Inputs;
}

/**
 * Fetches the chart's dependencies, then packages. Without a Chart.lock helm writes one, with the clock's time in it;
 * it is removed again, so that the next run finds the sources as they are in the repository.
 * @param pack told whether the lock was written just now.
 */
export async function withDependencies(
  packaging: Packaging,
  context: TaskContext<Output>,
  pack: (lockIsNew: boolean) => Promise<void>,
): Promise<void> {
  const { folder, chart, repositories } = packaging;
  // Helm would refuse a chart that carries its dependencies packed.
  if (repositories.length === 0) return pack(false);
  const lock = path.join(folder, chart.apiVersion === 'v1' ? 'requirements.lock' : 'Chart.lock');
  const locked = await stat(lock).then(
    () => true,
    () => false,
  );
  if (!locked && repositories.some(({ address }) => !address.startsWith('file://'))) {
    context.log.warning(
      `The chart has dependencies but no ${path.basename(lock)}: run 'helm dependency update' and commit it, ` +
        'or the same commit may get other versions tomorrow.',
    );
  }
  try {
    await fetchDependencies(packaging, context);
    await pack(!locked);
  } finally {
    if (!locked) await rm(lock, { force: true });
  }
}

/**
 * Lets helm fetch: from private registries that the pipeline names without a login, from https repositories unasked.
 * @throws TaskError with helm's reason, and what to add where helm was asked to go without a sign-in.
 */
async function fetchDependencies(
  { helm, folder, repositories, inputs }: Packaging,
  context: TaskContext<Output>,
): Promise<void> {
  const addresses = repositories.map(({ address }) => address).filter((address) => /^https?:/.test(address));
  const unasked = new Set(addresses);
  const known = unasked.size === 0 ? {} : await repositoriesFor([...unasked], context.privateFolder(), helm);
  const { config, missingLines } = await signInForDependencies(repositories, inputs, helm, context);
  const env = { ...toolNetwork(context.network), ...known, ...(config && { HELM_REGISTRY_CONFIG: config }) };
  try {
    await helm.buildDependencies(folder, env);
  } catch (error) {
    if (!(error instanceof TaskError) || missingLines.length === 0) throw error;
    throw new TaskError(
      `${error.message} The service connection is not shown to registries that only the chart names: if it may be, add ` +
        `to input dependencyRegistries the ${missingLines.length === 1 ? 'line' : 'lines'} ${missingLines.join(', ')}.`,
    );
  }
}
