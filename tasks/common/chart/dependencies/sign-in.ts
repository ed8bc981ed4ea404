import { knownLogins, writeLogins, type HelmCli } from '../../helm/index.ts';
import type { ChartRegistry, ClientAuth } from '../../registry/index.ts';
import { checkRepository, isAzureLoginServer, loginServerOf } from '../../registry/reference.ts';
import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import { filledLines } from '../../text/lines.ts';
import type { NamedRepository } from './repositories.ts';

/** What may be shown to the registries of dependencies, and to which of them: the pipeline says both, never a chart. */
export interface DependencyAccess {
  /** Undefined where there is no connection; nobody signs in then. */
  readonly connection: DependencyConnection | undefined;
  /** Registries or parts of them, one a line. */
  readonly registries: Given<string | undefined>;
}

/** A connection that opens registries. */
export interface DependencyConnection {
  readonly kind: 'azure' | 'docker';
  /** Nothing is sent yet. @param registry empty: the connection's own */
  open(registry: Given<string | undefined>): ChartRegistry;
}

/** What of the dependencies' registries the connection is shown to. */
export interface DependencySignIn {
  /** A client config with the sign-ins, besides the logins that helm has already; undefined when there is none. */
  readonly config: string | undefined;
  /** Azure container registries that only the chart names, as lines to add to the input. */
  readonly missingLines: readonly string[];
}

/**
 * Signs in to the registries that the pipeline names and the chart needs: a chart may come from anybody, so it does not
 * decide who gets the connection's token. All other registries are asked without it.
 * @throws TaskError when a line of the input is no registry, or the connection is for another one.
 */
export async function signInForDependencies(
  repositories: readonly NamedRepository[],
  { connection, registries }: DependencyAccess,
  helm: Pick<HelmCli, 'setting'>,
  context: Pick<TaskContext, 'privateFolder'>,
): Promise<DependencySignIn> {
  const { input } = registries;
  const kind = connection?.kind ?? 'azure';
  const lines = filledLines(registries.value ?? '').map((line) => registryOfLine(line, input, kind));
  const needed = repositories.filter(({ address }) => address.startsWith('oci://')).map(partsOf);
  if (needed.length === 0 || connection === undefined) {
    return { config: undefined, missingLines: [] };
  }
  const auths: Record<string, ClientAuth> = {};
  for (const registry of registriesToOpen(lines, needed, kind)) {
    const opened = connection.open({ input, value: registry });
    // Helm looks for a sign-in under the host as the chart has it.
    const written = needed.filter(({ loginServer }) => loginServer === opened.loginServer).map(({ host }) => host);
    for (const host of new Set(written)) auths[host] = await opened.clientAuth();
  }
  const unnamed = kind === 'azure' || lines.length > 0 ? needed.filter((part) => !isNamed(part, lines)) : [];
  refuseBesideNamed(unnamed, auths, input);
  refuseByIndex(repositories, { lines, input }, auths);
  const missing = kind === 'docker' ? [] : unnamed.filter(({ loginServer }) => isAzureLoginServer(loginServer));
  const isSignedIn = Object.keys(auths).length > 0;
  return {
    config: isSignedIn
      ? await writeLogins(context.privateFolder(), { ...(await knownLogins(helm)), ...auths })
      : undefined,
    missingLines: [...new Set(missing.map(({ loginServer }) => loginServer))],
  };
}

/** A registry, or a part of it. */
interface RegistryPart {
  readonly loginServer: string;
  /** Such as `helm`; empty for all of the registry. */
  readonly path: string;
}

/** `contoso.azurecr.io`, `contoso.azurecr.io/helm` or the same with `oci://` before it. */
function registryOfLine(line: string, input: string, kind: 'azure' | 'docker'): RegistryPart {
  const [host = '', ...path] = line
    .replace(/^oci:\/\//, '')
    .replace(/\/+$/, '')
    .split('/');
  try {
    return { loginServer: loginServerOf(host, kind), path: path.length === 0 ? '' : checkRepository(path.join('/')) };
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    throw new TaskError(`Input ${input} has the line '${line}'. ${error.message}`);
  }
}

/** The parts of `oci://contoso.azurecr.io/helm`; `host` is as it is written there. */
function partsOf({ address }: NamedRepository): RegistryPart & { readonly host: string; readonly address: string } {
  const [host = '', ...path] = address.slice('oci://'.length).split('/');
  return { host, loginServer: host.toLowerCase(), path: path.join('/').replace(/\/+$/, ''), address };
}

function isNamed(part: RegistryPart, lines: readonly RegistryPart[]): boolean {
  return lines.some(
    ({ loginServer, path }) =>
      loginServer === part.loginServer && (path === '' || `${part.path}/`.startsWith(`${path}/`)),
  );
}

/** A Docker registry connection names its own registry; other lines than that are refused where they are opened. */
function registriesToOpen(
  lines: readonly RegistryPart[],
  needed: readonly RegistryPart[],
  kind: 'azure' | 'docker',
): Iterable<string | undefined> {
  if (kind === 'docker' && lines.length === 0) return [undefined];
  const wanted = kind === 'docker' ? lines : needed.filter((part) => isNamed(part, lines));
  return new Set(wanted.map(({ loginServer }) => loginServer));
}

/** A client's sign-in is for a whole registry, so helm would show it for the unnamed part as well. */
function refuseBesideNamed(
  unnamed: readonly ReturnType<typeof partsOf>[],
  auths: Readonly<Record<string, ClientAuth>>,
  input: string,
): void {
  const found = unnamed.find(({ host }) => Object.hasOwn(auths, host));
  if (found === undefined) return;
  throw new TaskError(
    `The chart depends on ${found.address}, but input ${input} names another part of that registry only: if ` +
      `the connection may be shown there, add the line '${found.loginServer}/${found.path}'.`,
  );
}

/**
 * The index of a chart repository may name any address for a chart, one in a registry as well, where helm then shows the
 * sign-in: to parts of it that the pipeline does not name.
 */
function refuseByIndex(
  repositories: readonly NamedRepository[],
  { lines, input }: { lines: readonly RegistryPart[]; input: string },
  auths: Readonly<Record<string, ClientAuth>>,
): void {
  const indexed = repositories.find(({ address }) => !/^(oci|file):\/\//.test(address));
  const named = Object.keys(auths).map((host) => lines.filter(({ loginServer }) => loginServer === host.toLowerCase()));
  const [inPart] = named.find((parts) => parts.length > 0 && parts.every(({ path }) => path !== '')) ?? [];
  if (indexed === undefined || inPart === undefined) return;
  throw new TaskError(
    `The chart depends on ${indexed.address} (${indexed.place}), a chart repository whose index may lead helm to any part of ` +
      `${inPart.loginServer} with the sign-in, but input ${input} names parts of that registry only: if the ` +
      `connection may be shown to all of it, add the line '${inPart.loginServer}'; else take that chart from a registry.`,
  );
}
