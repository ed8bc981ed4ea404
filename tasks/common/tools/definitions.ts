import type { SemVer } from 'semver';
import type { Platform } from './platform.ts';

export type ToolName = 'helm' | 'kubectl' | 'kubelogin' | 'kyverno' | 'gator';

/** A file that holds a tool's executable. Paths are those on the vendor's host. */
export interface Asset {
  readonly path: string;
  /** A file with the SHA-256 of the asset, perhaps among those of others. */
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
  /** The systems that the vendor builds for, where these are not all. */
  readonly systems?: readonly Platform['os'][];
  readonly asset: (version: string, platform: Platform) => Asset;
  /** A file that holds the newest version, and nothing else unless there is a pattern. */
  readonly latest: string;
  /** Finds the version in that file. */
  readonly latestPattern?: RegExp;
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

// Both as the workflows of the vendors make their releases (kyverno 1.19.1: .goreleaser.yml; gatekeeper 3.23.1:
// .github/workflows/release.yaml). One checksum file has the names of all files of a release, and so its version.
const kyverno: ToolDefinition = {
  name: 'kyverno',
  vendor: 'https://github.com',
  asset(version, platform) {
    const releases = '/kyverno/kyverno/releases/download';
    const cpu = platform.cpu === 'x64' ? 'x86_64' : platform.cpu;
    const packing = platform.os === 'windows' ? 'zip' : 'tar.gz';
    const path = `${releases}/v${version}/kyverno-cli_v${version}_${platform.os}_${cpu}.${packing}`;
    const checksumPath = `${releases}/v${version}/checksums.txt`;
    return { path, checksumPath, packing, entry: executable('kyverno', platform) };
  },
  latest: '/kyverno/kyverno/releases/latest/download/checksums.txt',
  latestPattern: /kyverno-cli_v([^_\s]+)_/,
  versionArguments: ['version'],
  versionPattern: /^Version:\s*v?(\S+)/,
};

const gator: ToolDefinition = {
  name: 'gator',
  vendor: 'https://github.com',
  systems: ['linux', 'darwin'],
  asset(version, { os, cpu }) {
    const folder = `/open-policy-agent/gatekeeper/releases/download/v${version}`;
    const path = `${folder}/gator-v${version}-${os}-${goCpu[cpu]}.tar.gz`;
    return { path, checksumPath: `${folder}/sha256sums.txt`, packing: 'tar.gz', entry: 'gator' };
  },
  latest: '/open-policy-agent/gatekeeper/releases/latest/download/sha256sums.txt',
  latestPattern: /gator-v(\S{1,40}?)-(?:linux|darwin)-/,
  versionArguments: ['--version'],
  versionPattern: /^gator version v?(\S+)/,
};

export const toolDefinitions: Readonly<Record<ToolName, ToolDefinition>> = {
  helm,
  kubectl,
  kubelogin,
  kyverno,
  gator,
};

export const toolNames: readonly string[] = Object.keys(toolDefinitions);

export function isToolName(name: string): name is ToolName {
  return toolNames.includes(name);
}
