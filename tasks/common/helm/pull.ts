import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import { ToolFailure } from '../task/exec.ts';
import { type NetworkSettings, noNetwork, toolNetwork } from '../task/network.ts';
import { TaskError } from '../task/outcome.ts';
import type { HelmCli } from './cli.ts';
import { explainPullFailure } from './errors.ts';

/** One version of a chart in a chart repository of the older kind, with an index.yaml. */
export interface RepositoryChart {
  readonly name: string;
  /** The repository's address: https, without user and password. */
  readonly repository: string;
  readonly version: string;
}

/**
 * Lets helm fetch a chart. Nothing that this agent's user told helm plays a part: no repository, login or plugin. What the
 * index leads to must be https as well, be it an address in it or a redirect, so plain http goes to a proxy that nobody is.
 * @param folder a private one that is empty
 * @returns the archive's path; what it holds is foreign, and not looked at yet
 * @throws TaskError with helm's reason
 */
export async function pullFromRepository(
  helm: Pick<HelmCli, 'run' | 'version'>,
  chart: RepositoryChart,
  folder: string,
  context: Pick<TaskContext, 'network'>,
): Promise<string> {
  const { name, repository, version } = chart;
  const archives = path.join(folder, 'pulled');
  await mkdir(archives);
  const env = { ...settingsIn(folder), ...toolNetwork(context.network), ...httpsOnly(context.network, repository) };
  const args = ['pull', name, `--repo=${repository}`, `--version=${version}`, `--destination=${archives}`];
  try {
    await helm.run(args, { env });
  } catch (error) {
    throw error instanceof ToolFailure ? explainPullFailure(error, chart) : error;
  }
  const [archive, ...others] = (await readdir(archives)).filter((file) => file.endsWith('.tgz'));
  if (archive !== undefined && others.length === 0) return path.join(archives, archive);
  throw new TaskError(`helm ${helm.version} pulled ${name} ${version} from ${repository} but left no archive of it.`);
}

/**
 * Settings under which plain http goes to a proxy that nobody is. A host past the proxy is named with the ports of https:
 * without a port Go asks it for plain http directly, too (x/net/http/httpproxy). What has no such form, as a range of
 * addresses, is left out. This machine itself Go always asks.
 */
function httpsOnly({ noProxy }: NetworkSettings, repository: string): Record<string, string | undefined> {
  const hosts = noProxy.split(',').map((entry) => entry.trim());
  const ports = new Set(['443', new URL(repository).port || '443']);
  const pastProxy = hosts.flatMap((host) => {
    if (/^[^:/*]+:\d+$/.test(host)) return [host];
    return /^(?:\*\.)?[^:/*]+$/.test(host) ? [...ports].map((port) => `${host}:${port}`) : [];
  });
  return {
    HTTP_PROXY: noNetwork['HTTP_PROXY'],
    http_proxy: undefined,
    NO_PROXY: pastProxy.join(',') || undefined,
    no_proxy: undefined,
    ...(hosts.includes('*') && { HTTPS_PROXY: undefined, https_proxy: undefined }),
  };
}

/** The places that `helm env` names, and docker's, in a folder in which nothing is yet. */
function settingsIn(folder: string): Record<string, string> {
  const inFolder = (name: string): string => path.join(folder, 'helm', name);
  return {
    HELM_CACHE_HOME: inFolder('cache'),
    HELM_CONFIG_HOME: inFolder('config'),
    HELM_DATA_HOME: inFolder('data'),
    HELM_PLUGINS: inFolder('plugins'),
    HELM_REGISTRY_CONFIG: inFolder('registry.json'),
    HELM_REPOSITORY_CONFIG: inFolder('repositories.yaml'),
    HELM_REPOSITORY_CACHE: inFolder('repository-cache'),
    HELM_CONTENT_CACHE: inFolder('content-cache'),
    DOCKER_CONFIG: inFolder('docker'),
  };
}
