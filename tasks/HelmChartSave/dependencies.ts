import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ChartMetadata } from '../common/chart/metadata/metadata.ts';
import { knownLogins, repositoriesFor, writeLogins, type HelmCli } from '../common/helm/index.ts';
import { openRegistry, type ClientAuth } from '../common/registry/index.ts';
import { isAzureLoginServer } from '../common/registry/reference.ts';
import type { TaskContext } from '../common/task/context.ts';
import { toolNetwork } from '../common/task/network.ts';
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
  const { helm, folder, chart, repositories } = packaging;
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
  const repositories = packaging.repositories.map(({ address }) => address);
  const addresses = [...new Set(repositories.filter((repository) => /^https?:/.test(repository)))];
  const hosts = new Set(repositories.filter((repository) => repository.startsWith('oci://')).map(hostOf));
  const known = addresses.length === 0 ? {} : await repositoriesFor(addresses, context.privateFolder(), packaging.helm);
  const config = await signedInConfig([...hosts], packaging, context);
  return { ...toolNetwork(context.network), ...known, ...(config && { HELM_REGISTRY_CONFIG: config }) };
}

/**
 * A client config with the connection's sign-in for each registry it may be shown to, besides the logins that helm has
 * already; undefined when the connection is for none of these registries.
 */
async function signedInConfig(
  hosts: readonly string[],
  { helm, inputs: { azureSubscription, containerRegistry } }: Packaging,
  context: TaskContext<Output>,
): Promise<string | undefined> {
  if (hosts.length === 0 || (azureSubscription === undefined && containerRegistry === undefined)) return undefined;
  const registries =
    containerRegistry === undefined ? hosts.filter((host) => isAzureLoginServer(host.toLowerCase())) : [undefined];
  const auths: Record<string, ClientAuth> = {};
  for (const registry of registries) {
    const opened = openRegistry({ azureSubscription, containerRegistry, registry }, context);
    const host = hosts.find((name) => name.toLowerCase() === opened.loginServer);
    if (host !== undefined) auths[host] = await opened.clientAuth();
  }
  if (Object.keys(auths).length === 0) return undefined;
  return writeLogins(context.privateFolder(), { ...(await knownLogins(helm)), ...auths });
}

/** The login server in `oci://contoso.azurecr.io/helm`, as it is written there: so helm looks for a sign-in. */
function hostOf(repository: string): string {
  return repository.slice('oci://'.length).split('/')[0] ?? '';
}
