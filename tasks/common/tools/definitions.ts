import type { SemVer } from 'semver';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';

/** What a tool must be built for. */
export interface Platform {
  /** As Go names it. */
  readonly os: 'linux' | 'darwin' | 'windows';
  /** As Node and the agent's tool cache name it. */
  readonly cpu: 'x64' | 'arm64';
}

const systems: Readonly<Record<string, Platform['os']>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const processors: Readonly<Record<string, Platform['cpu']>> = { x64: 'x64', arm64: 'arm64' };

/**
 * The operating system that this process runs on and the agent's CPU. The agent is asked for the CPU first: the Node
 * that it brings may be one that runs under emulation.
 * @throws TaskError when no vendor builds for it.
 */
export function platformOf(
  context: Pick<TaskContext, 'variable'>,
  running: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): Platform {
  const said = context.variable('Agent.OSArchitecture')?.toLowerCase();
  const os = systems[running.platform];
  const cpu = processors[said ?? running.arch];
  if (os !== undefined && cpu !== undefined) return { os, cpu };
  throw new TaskError(
    `This agent runs on ${running.platform} with an ${said ?? running.arch} CPU; the tools can be installed on Linux, ` +
      'macOS and Windows with an x64 or arm64 CPU. Put them on the PATH of this agent instead.',
  );
}

export type ToolName = 'helm' | 'kubectl' | 'kubelogin';

/** A file that holds a tool's executable. Paths are those on the vendor's host. */
export interface Asset {
  readonly path: string;
  /** A file with the SHA-256 of the asset. */
  readonly checksumPath: string;
  /** How the executable is packed; `none` when the file is the executable itself. */
  readonly packing: 'none' | 'tar.gz' | 'zip';
  /** Name of the executable in the archive. */
  readonly entry: string;
}

/** All that is to be known about a tool in order to install it. */
export interface ToolDefinition {
  readonly name: ToolName;
  /** The vendor's download host. */
  readonly vendor: string;
  readonly asset: (version: string, platform: Platform) => Asset;
  /** A file that holds nothing but the newest version. */
  readonly latest: string;
  /** The same for the line of versions that this one belongs to, where the vendor has such files. */
  readonly latestOfLine?: (version: SemVer) => string;
  /** Makes the tool say its version. */
  readonly versionArguments: readonly string[];
  /** Finds the version in what it says. */
  readonly versionPattern: RegExp;
}

const goCpu = { x64: 'amd64', arm64: 'arm64' } as const;

const executable = (name: string, { os }: Platform): string => (os === 'windows' ? `${name}.exe` : name);

const helm: ToolDefinition = {
  name: 'helm',
  vendor: 'https://get.helm.sh',
  asset(version, platform) {
    const build = `${platform.os}-${goCpu[platform.cpu]}`;
    const packing = platform.os === 'windows' ? 'zip' : 'tar.gz';
    const path = `/helm-v${version}-${build}.${packing}`;
    return { path, checksumPath: `${path}.sha256sum`, packing, entry: `${build}/${executable('helm', platform)}` };
  },
  latest: '/helm-latest-version',
  latestOfLine: ({ major }) => `/helm${major}-latest-version`,
  versionArguments: ['version', '--template', '{{.Version}}'],
  versionPattern: /^v?(\S+)/,
};

const kubectl: ToolDefinition = {
  name: 'kubectl',
  vendor: 'https://dl.k8s.io',
  asset(version, platform) {
    const entry = executable('kubectl', platform);
    const path = `/release/v${version}/bin/${platform.os}/${goCpu[platform.cpu]}/${entry}`;
    return { path, checksumPath: `${path}.sha256`, packing: 'none', entry };
  },
  latest: '/release/stable.txt',
  latestOfLine: ({ major, minor }) => `/release/stable-${major}.${minor}.txt`,
  versionArguments: ['version', '--client', '--output=json'],
  versionPattern: /"gitVersion":\s*"v?([^"]+)"/,
};

const kubelogin: ToolDefinition = {
  name: 'kubelogin',
  vendor: 'https://github.com',
  asset(version, platform) {
    const cpu = goCpu[platform.cpu];
    const os = platform.os === 'windows' ? 'win' : platform.os;
    const path = `/Azure/kubelogin/releases/download/v${version}/kubelogin-${os}-${cpu}.zip`;
    const entry = `bin/${platform.os}_${cpu}/${executable('kubelogin', platform)}`;
    return { path, checksumPath: `${path}.sha256`, packing: 'zip', entry };
  },
  // The releases carry this file since 0.2.18 (Azure/kubelogin pull request 749); it spares the rate-limited GitHub API.
  latest: '/Azure/kubelogin/releases/latest/download/kubelogin-version.txt',
  versionArguments: ['--version'],
  versionPattern: /git hash:\s*v?([^\s/]+)/,
};

export const toolDefinitions: Readonly<Record<ToolName, ToolDefinition>> = { helm, kubectl, kubelogin };

export const toolNames: readonly string[] = Object.keys(toolDefinitions);

export function isToolName(name: string): name is ToolName {
  return toolNames.includes(name);
}
