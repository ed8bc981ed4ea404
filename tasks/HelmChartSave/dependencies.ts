import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ChartMetadata } from '../common/chart/index.ts';
import { repositoriesFor, type HelmCli } from '../common/helm/index.ts';
import { openRegistry, writeClientConfig, type ClientAuth } from '../common/registry/index.ts';
import { isAzureLoginServer } from '../common/registry/reference.ts';
import type { TaskContext } from '../common/task/context.ts';
import { toolNetwork } from '../common/task/network.ts';
import type { Inputs, Output } from './inputs.gen.ts';

interface Packaging {
  readonly helm: HelmCli;
  readonly folder: string;
  readonly chart: ChartMetadata;
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
  const { helm, folder, chart } = packaging;
  if (chart.dependencies === undefined) return pack(false);
  const lock = path.join(folder, chart.apiVersion === 'v1' ? 'requirements.lock' : 'Chart.lock');
  const locked = await stat(lock).then(
    () => true,
    () => false,
  );
  if (!locked) {
    context.log.warning(
      `The chart has dependencies but no ${path.basename(lock)}: run 'helm dependency update' and commit it, ` +
        'or the same commit may get other versions tomorrow.',
    );
  }
  try {
    await helm.buildDependencies(folder, await dependencyEnvironment(packaging, context));
    await pack(!locked);
  } finally {
    if (!locked) await rm(lock, { force: true });
  }
}

/** Environment in which helm reaches the dependencies: private registries without a login, https repositories unasked. */
async function dependencyEnvironment(
  packaging: Packaging,
  context: TaskContext<Output>,
): Promise<Record<string, string>> {
  const repositories = (packaging.chart.dependencies ?? []).map((dependency) => dependency.repository ?? '');
  const addresses = [...new Set(repositories.filter((repository) => /^https?:/.test(repository)))];
  const hosts = new Set(repositories.filter((repository) => repository.startsWith('oci://')).map(hostOf));
  const known = addresses.length === 0 ? {} : await repositoriesFor(addresses, context.privateFolder(), context);
  const config = await signedInConfig([...hosts], packaging.inputs, context);
  return { ...toolNetwork(context.network), ...known, ...(config && { HELM_REGISTRY_CONFIG: config }) };
}

/** A client config with the connection's sign-in for each registry it may be shown to; undefined without a connection. */
async function signedInConfig(
  hosts: readonly string[],
  inputs: Inputs,
  context: TaskContext<Output>,
): Promise<string | undefined> {
  const { azureSubscription, containerRegistry } = inputs;
  if (hosts.length === 0 || (azureSubscription === undefined && containerRegistry === undefined)) return undefined;
  const registries = containerRegistry === undefined ? hosts.filter(isAzureLoginServer) : [undefined];
  const auths: Record<string, ClientAuth> = {};
  for (const registry of registries) {
    const opened = await openRegistry({ azureSubscription, containerRegistry, registry }, context);
    if (hosts.includes(opened.loginServer)) auths[opened.loginServer] = await opened.clientAuth();
  }
  return writeClientConfig(context.privateFolder(), auths);
}

/** The login server in `oci://contoso.azurecr.io/helm`. */
function hostOf(repository: string): string {
  return repository.slice('oci://'.length).split('/')[0]?.toLowerCase() ?? '';
}
