import type { Packing } from './release-archive.ts';

/** Tools whose vendors' hosts are played. */
export type VendorTool = 'helm' | 'kubectl' | 'kubelogin';

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
  /** Path of the checksum file, and whether the name of the file stands in it. */
  readonly checksum: { readonly path: string; readonly named: boolean };
  readonly latest: readonly { readonly path: string; readonly end: string }[];
}

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
      checksum: { path: `${path}.sha256sum`, named: true },
      latest: latest.map((file) => ({ path: file, end: '\n' })),
    };
  },
  kubectl(version, build) {
    const path = `/release/v${version}/bin/${build.os}/${build.cpu}/kubectl${suffix(build)}`;
    const line = version.split('.').slice(0, 2).join('.');
    return {
      host: 'dl.k8s.io',
      packing: 'none',
      path,
      entry: '',
      checksum: { path: `${path}.sha256`, named: false },
      latest: ['/release/stable.txt', `/release/stable-${line}.txt`].map((file) => ({ path: file, end: '' })),
    };
  },
  kubelogin(version, build) {
    const os = build.os === 'windows' ? 'win' : build.os;
    const folder = `/Azure/kubelogin/releases/download/v${version}`;
    const path = `${folder}/kubelogin-${os}-${build.cpu}.zip`;
    return {
      host: 'github.com',
      packing: 'zip',
      path,
      entry: `bin/${build.os}_${build.cpu}/kubelogin${suffix(build)}`,
      checksum: { path: `${path}.sha256`, named: true },
      latest: [{ path: `${folder}/kubelogin-version.txt`, end: '' }],
    };
  },
};
