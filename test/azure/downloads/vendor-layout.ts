import type { Packing } from './release-archive.ts';

/** Tools whose vendors' hosts are played. */
export type VendorTool = 'helm' | 'kubectl' | 'kubelogin' | 'kyverno' | 'gator';

/** A build as Go names it. */
export interface Build {
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly cpu: 'amd64' | 'arm64';
}

/** Where a vendor keeps one release and what names it as the newest one; paths are those on the vendor's host. */
export interface ReleaseLayout {
  readonly host: string;
  readonly packing: Packing;
  readonly path: string;
  /** Name of the executable in the archive. */
  readonly entry: string;
  /** Path of the checksum file, and what it holds of a file with this SHA-256. */
  readonly checksum: { readonly path: string; readonly content: (sha256: string) => string };
  readonly latest: readonly { readonly path: string; readonly end: string }[];
  /** Its repository on GitHub, whose `latest` leads to the newest release. */
  readonly repository?: string;
}

/** A line as sha256sum writes it. */
const line = (sha256: string, file: string): string => `${sha256}  ${file}\n`;

/** The checksum file of a whole release, in which another build comes first. */
const lines = (sha256: string, file: string, { os, cpu }: Build): string =>
  line('0'.repeat(64), file.replace(os, os === 'darwin' ? 'linux' : 'darwin').replace(cpu, 'arm64')) +
  line(sha256, file);

const suffix = ({ os }: Build): string => (os === 'windows' ? '.exe' : '');

/** The vendors' layouts, as their release pages and checksum files show them. */
export const layouts: Readonly<Record<VendorTool, (version: string, build: Build) => ReleaseLayout>> = {
  helm(version, build) {
    const name = `${build.os}-${build.cpu}`;
    const packing = build.os === 'windows' ? 'zip' : 'tar.gz';
    const path = `/helm-v${version}-${name}.${packing}`;
    const latest = ['/helm-latest-version', `/helm${version.split('.')[0]}-latest-version`];
    return {
      host: 'get.helm.sh',
      packing,
      path,
      entry: `${name}/helm${suffix(build)}`,
      checksum: { path: `${path}.sha256sum`, content: (sha256) => line(sha256, path.slice(1)) },
      latest: latest.map((file) => ({ path: file, end: '\n' })),
    };
  },
  kubectl(version, build) {
    const path = `/release/v${version}/bin/${build.os}/${build.cpu}/kubectl${suffix(build)}`;
    const minor = version.split('.').slice(0, 2).join('.');
    return {
      host: 'dl.k8s.io',
      packing: 'none',
      path,
      entry: '',
      checksum: { path: `${path}.sha256`, content: (sha256) => sha256 },
      latest: ['/release/stable.txt', `/release/stable-${minor}.txt`].map((file) => ({ path: file, end: '' })),
    };
  },
  kubelogin(version, build) {
    const os = build.os === 'windows' ? 'win' : build.os;
    const folder = `/Azure/kubelogin/releases/download/v${version}`;
    const file = `kubelogin-${os}-${build.cpu}.zip`;
    const path = `${folder}/${file}`;
    return {
      host: 'github.com',
      packing: 'zip',
      path,
      entry: `bin/${build.os}_${build.cpu}/kubelogin${suffix(build)}`,
      checksum: { path: `${path}.sha256`, content: (sha256) => line(sha256, file) },
      latest: [{ path: `${folder}/kubelogin-version.txt`, end: '' }],
      repository: '/Azure/kubelogin',
    };
  },
  kyverno(version, build) {
    const folder = `/kyverno/kyverno/releases/download/v${version}`;
    const packing = build.os === 'windows' ? 'zip' : 'tar.gz';
    const file = `kyverno-cli_v${version}_${build.os}_${build.cpu === 'amd64' ? 'x86_64' : build.cpu}.${packing}`;
    return {
      host: 'github.com',
      packing,
      path: `${folder}/${file}`,
      entry: `kyverno${suffix(build)}`,
      checksum: { path: `${folder}/checksums.txt`, content: (sha256) => lines(sha256, file, build) },
      latest: [],
      repository: '/kyverno/kyverno',
    };
  },
  gator(version, build) {
    const folder = `/open-policy-agent/gatekeeper/releases/download/v${version}`;
    const file = `gator-v${version}-${build.os}-${build.cpu}.tar.gz`;
    return {
      host: 'github.com',
      packing: 'tar.gz',
      path: `${folder}/${file}`,
      entry: 'gator',
      // As `find .` names the files.
      checksum: { path: `${folder}/sha256sums.txt`, content: (sha256) => lines(sha256, `./${file}`, build) },
      latest: [],
      repository: '/open-policy-agent/gatekeeper',
    };
  },
};
