import assert from 'node:assert/strict';
import { toolDefinitions, type ToolName } from '../../../tasks/common/tools/definitions.ts';
import { resolveVersion } from '../../../tasks/common/tools/wanted-version.ts';
import { impatient, sourceOf } from './workbench.ts';

const pointers = {
  '/helm-latest-version': 'v4.2.4\n',
  '/helm4-latest-version': 'v4.2.4\n',
  '/helm3-latest-version': 'v3.21.4\n',
  '/release/stable.txt': 'v1.36.3',
  '/release/stable-1.33.txt': 'v1.33.9',
  '/Azure/kubelogin/releases/latest/download/kubelogin-version.txt': 'v0.2.19',
  '/kyverno/kyverno/releases/latest/download/checksums.txt':
    `${'0'.repeat(64)}  kyverno-cli_v1.20.2_darwin_arm64.tar.gz\n` +
    `${'1'.repeat(64)}  kyverno-cli_v1.20.2_linux_x86_64.tar.gz\n`,
  '/open-policy-agent/gatekeeper/releases/latest/download/sha256sums.txt': `${'0'.repeat(64)}  ./gator-v3.24.0-beta.1-darwin-arm64.tar.gz\n`,
};
const pinned: Readonly<Record<ToolName, string>> = {
  helm: '4.1.4',
  kubectl: '1.35.2',
  kubelogin: '0.2.18',
  kyverno: '1.19.1',
  gator: '3.23.1',
};

function resolve(tool: ToolName, wanted: string | undefined, files: Record<string, string> = pointers, said = wanted) {
  const source = sourceOf(files);
  const from = { source, limits: impatient, signal: new AbortController().signal };
  return { source, version: resolveVersion(toolDefinitions[tool], wanted, pinned[tool], from, said) };
}

describe('The version that is meant', () => {
  const meanings: readonly [ToolName, string | undefined, string, string[]][] = [
    ['helm', undefined, '4.1.4', []],
    ['helm', '3.17.3', '3.17.3', []],
    ['helm', 'v4.2.0-rc.1', '4.2.0-rc.1', []],
    ['helm', '4.x', '4.1.4', []],
    ['helm', '>=3.17 <5', '4.1.4', []],
    ['helm', 'latest', '4.2.4', ['/helm-latest-version']],
    ['helm', '~4.2.0', '4.2.4', ['/helm-latest-version']],
    ['helm', '>=3.17 <4', '3.21.4', ['/helm-latest-version', '/helm3-latest-version']],
    ['kubectl', '1.36.x', '1.36.3', ['/release/stable.txt']],
    ['kubectl', '1.33', '1.33.9', ['/release/stable.txt', '/release/stable-1.33.txt']],
    ['kubelogin', 'latest', '0.2.19', ['/Azure/kubelogin/releases/latest/download/kubelogin-version.txt']],
    ['kyverno', '1.x', '1.19.1', []],
    ['kyverno', 'latest', '1.20.2', ['/kyverno/kyverno/releases/latest/download/checksums.txt']],
    ['kyverno', '1.20.x', '1.20.2', ['/kyverno/kyverno/releases/latest/download/checksums.txt']],
    ['gator', 'latest', '3.24.0-beta.1', ['/open-policy-agent/gatekeeper/releases/latest/download/sha256sums.txt']],
  ];
  for (const [tool, wanted, expected, asked] of meanings) {
    it(`of ${tool} ${wanted ?? 'without one'} is ${expected}`, async () => {
      const { source, version } = resolve(tool, wanted);

      assert.equal(await version, expected);
      assert.deepEqual(source.asked, asked);
    });
  }

  it('is unknown for a range that neither the pinned nor a newest version fits', async () => {
    await assert.rejects(resolve('helm', '3.17.x').version, {
      name: 'TaskError',
      message:
        'No version of helm is known that fits 3.17.x: tools.contoso.com names its newest versions only ' +
        '(4.1.4, 4.2.4, 3.21.4). Give one exact version, such as 3.17.0.',
    });
    await assert.rejects(resolve('kubelogin', '<0.2').version, /Give one exact version, such as 0\.0\.0/);
    await assert.rejects(
      resolve('gator', '3.22.x').version,
      /names its newest versions only \(3\.23\.1, 3\.24\.0-beta\.1\)\. Give one exact version, such as 3\.22\.0\.$/,
    );
  });

  it('is told as the author of the step wrote it', async () => {
    await assert.rejects(resolve('helm', '>=3.0.0 <4.0.0-0 >=3.17.0', {}, '3').version, / that fits 3: /);
  });

  it('needs no newest version where the source names none, but for latest', async () => {
    await assert.rejects(resolve('helm', '3.x', {}).version, /No version of helm is known .* \(4\.1\.4\)/);
    await assert.rejects(resolve('helm', 'latest', {}).version, {
      name: 'TaskError',
      message:
        'tools.contoso.com has no /helm-latest-version, which would name the latest version; give an exact version instead.',
    });
  });

  it('is not read out of a web page', async () => {
    const page = { '/helm-latest-version': '<!DOCTYPE html><title>Sign in</title>' };
    await assert.rejects(resolve('helm', 'latest', page).version, {
      name: 'TaskError',
      message: /should hold a version, but holds '<!DOCTYPE html>.*is it a sign-in page\?/,
    });
  });

  it('is not read out of the checksums of other files', async () => {
    const other = { '/kyverno/kyverno/releases/latest/download/checksums.txt': `${'0'.repeat(64)}  install.yaml` };
    await assert.rejects(resolve('kyverno', 'latest', other).version, /should hold a version, but holds '0000/);
  });

  it('is refused when it is neither version, range nor latest', async () => {
    for (const wanted of ['newest', '4.1.4.1', '../../etc']) {
      await assert.rejects(resolve('helm', wanted).version, {
        name: 'TaskError',
        message: `'${wanted}' is no version of helm; give a version such as 4.1.4, a range such as 4.x, or latest.`,
      });
    }
  });
});
