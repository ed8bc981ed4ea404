import assert from 'node:assert/strict';
import { wantedTools } from '../../../tasks/DeliveryToolsInstaller/wanted-tools.ts';
import { toolDefinitions, type ToolName } from '../../../tasks/common/tools/definitions.ts';
import { checkSystem, type Platform, platformOf } from '../../../tasks/common/tools/platform.ts';
import { pinnedReleases } from '../../../tasks/common/tools/releases.ts';

const agent = (cpu: string | undefined) => ({
  variable: (name: string) => (name === 'Agent.OSArchitecture' ? cpu : undefined),
});

describe('The platform of an agent', () => {
  it('is its system and the CPU that the agent names, else that of Node', () => {
    assert.deepEqual(platformOf(agent('X64'), { platform: 'linux', arch: 'x64' }), { os: 'linux', cpu: 'x64' });
    assert.deepEqual(platformOf(agent('ARM64'), { platform: 'win32', arch: 'x64' }), { os: 'windows', cpu: 'arm64' });
    assert.deepEqual(platformOf(agent(undefined), { platform: 'darwin', arch: 'arm64' }), {
      os: 'darwin',
      cpu: 'arm64',
    });
  });

  it('must be one that the vendors build for', () => {
    assert.throws(() => platformOf(agent('X86'), { platform: 'win32', arch: 'ia32' }), {
      name: 'TaskError',
      message: /^This agent runs on win32 with an x86 CPU; the tools can be installed on Linux, macOS and Windows/,
    });
    assert.throws(() => platformOf(agent('X64'), { platform: 'freebsd', arch: 'x64' }), /runs on freebsd/);
  });
});

describe('A tool that its vendor does not build for every system', () => {
  const { gator, kyverno } = toolDefinitions;

  it('is refused where there is none, with the systems that there are', () => {
    assert.throws(() => checkSystem(gator, { os: 'windows', cpu: 'x64' }), {
      name: 'TaskError',
      message:
        'gator is built by its vendor for Linux and macOS only, and this agent runs on Windows: run the step on an agent with Linux or macOS.',
    });
  });

  it('is installed elsewhere, as one for all systems is', () => {
    assert.doesNotThrow(() => checkSystem(gator, { os: 'darwin', cpu: 'arm64' }));
    assert.doesNotThrow(() => checkSystem(kyverno, { os: 'windows', cpu: 'x64' }));
  });
});

describe('The file for a platform', () => {
  const files: readonly [ToolName, Platform, string, string][] = [
    ['helm', { os: 'linux', cpu: 'x64' }, '/helm-v1.2.3-linux-amd64.tar.gz', 'linux-amd64/helm'],
    ['helm', { os: 'darwin', cpu: 'arm64' }, '/helm-v1.2.3-darwin-arm64.tar.gz', 'darwin-arm64/helm'],
    ['helm', { os: 'windows', cpu: 'x64' }, '/helm-v1.2.3-windows-amd64.zip', 'windows-amd64/helm.exe'],
    ['kubectl', { os: 'linux', cpu: 'arm64' }, '/release/v1.2.3/bin/linux/arm64/kubectl', 'kubectl'],
    ['kubectl', { os: 'windows', cpu: 'arm64' }, '/release/v1.2.3/bin/windows/arm64/kubectl.exe', 'kubectl.exe'],
    [
      'kubelogin',
      { os: 'linux', cpu: 'x64' },
      '/Azure/kubelogin/releases/download/v1.2.3/kubelogin-linux-amd64.zip',
      'bin/linux_amd64/kubelogin',
    ],
    [
      'kubelogin',
      { os: 'darwin', cpu: 'arm64' },
      '/Azure/kubelogin/releases/download/v1.2.3/kubelogin-darwin-arm64.zip',
      'bin/darwin_arm64/kubelogin',
    ],
    [
      'kubelogin',
      { os: 'windows', cpu: 'arm64' },
      '/Azure/kubelogin/releases/download/v1.2.3/kubelogin-win-arm64.zip',
      'bin/windows_arm64/kubelogin.exe',
    ],
    [
      'kyverno',
      { os: 'linux', cpu: 'x64' },
      '/kyverno/kyverno/releases/download/v1.2.3/kyverno-cli_v1.2.3_linux_x86_64.tar.gz',
      'kyverno',
    ],
    [
      'kyverno',
      { os: 'windows', cpu: 'arm64' },
      '/kyverno/kyverno/releases/download/v1.2.3/kyverno-cli_v1.2.3_windows_arm64.zip',
      'kyverno.exe',
    ],
    [
      'gator',
      { os: 'darwin', cpu: 'x64' },
      '/open-policy-agent/gatekeeper/releases/download/v1.2.3/gator-v1.2.3-darwin-amd64.tar.gz',
      'gator',
    ],
  ];
  for (const [tool, platform, path, entry] of files) {
    it(`of ${tool} on ${platform.os} ${platform.cpu} is ${path}`, () => {
      const asset = toolDefinitions[tool].asset('1.2.3', platform);

      assert.equal(asset.path, path);
      assert.equal(asset.entry, entry);
      assert.match(asset.checksumPath, /\.sha256(sum)?$|\/(checksums|sha256sums)\.txt$/);
    });
  }

  it('has a pinned checksum of its own', () => {
    const sums = Object.values(pinnedReleases).flatMap(({ sha256 }) => Object.values(sha256));

    assert.ok(sums.length > 0);
    assert.equal(new Set(sums).size, sums.length);
  });
});

describe('The tools that a step asks for', () => {
  it('are lines of a name and maybe a version', () => {
    assert.deepEqual(wantedTools('helm 4.1.4\n\n  kubectl\r\nkubelogin   >=0.2.11 <1 '), [
      { name: 'helm', version: '4.1.4' },
      { name: 'kubectl', version: undefined },
      { name: 'kubelogin', version: '>=0.2.11 <1' },
    ]);
  });

  it('are known ones, each once', () => {
    assert.throws(() => wantedTools('helm\nkustomize 5.8.1'), {
      name: 'TaskError',
      message:
        "Input tools has the line 'kustomize 5.8.1'; a line begins with one of helm, kubectl, kubelogin, kyverno, gator, and the version may follow.",
    });
    assert.throws(
      () => wantedTools('helm 3.x\nkubectl\nhelm 4.x'),
      /names helm twice; a step installs one version of a tool/,
    );
  });
});
