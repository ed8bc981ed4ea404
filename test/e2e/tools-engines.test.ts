import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { realProgram } from '../real/index.ts';

const gatekeeper = '/open-policy-agent/gatekeeper/releases';

describe('DeliveryToolsInstaller: policy engines', () => {
  let pipeline: Pipeline;
  let folder: string;
  before(async () => {
    pipeline = await startPipeline({ helm: null });
    folder = mkdtempSync(path.join(tmpdir(), 'small-kyverno-'));
    // The real one has 300 MB, which do not change how it is installed.
    const kyverno = path.join(folder, 'kyverno');
    writeFileSync(kyverno, '#!/bin/sh\necho "Version: 1.20.2"\n');
    chmodSync(kyverno, 0o755);
    const { releases } = pipeline.azure;
    await releases.publish({ tool: 'kyverno', version: '1.19.1', executable: kyverno });
    await releases.publish({ tool: 'kyverno', version: '1.20.2', executable: kyverno });
    await releases.publish({ tool: 'gator', version: '3.24.0', executable: await realProgram('gator') });
  });
  after(async () => {
    await pipeline.close();
    rmSync(folder, { recursive: true });
  });

  const install = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.run('DeliveryToolsInstaller', { name: 'tools', inputs, condition: 'always()' });

  it('come from GitHub, by the checksum that the release has for their platform among others', async () => {
    const before = pipeline.azure.requests.length;

    const step = await install({ tools: 'kyverno latest\ngator 3.24.x' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    assert.match(step.log.at(-1) ?? '', /Ready on PATH: kyverno 1\.20\.2, gator 3\.24\.0/);
    const asked = pipeline.azure.requests.slice(before).filter(({ host }) => host === 'github.com');
    assert.deepEqual(
      asked.map(({ path: file }) => file),
      [
        '/kyverno/kyverno/releases/latest/download/checksums.txt',
        '/kyverno/kyverno/releases/download/v1.20.2/checksums.txt',
        '/kyverno/kyverno/releases/download/v1.20.2/checksums.txt',
        '/kyverno/kyverno/releases/download/v1.20.2/kyverno-cli_v1.20.2_linux_x86_64.tar.gz',
        `${gatekeeper}/latest/download/sha256sums.txt`,
        `${gatekeeper}/download/v3.24.0/sha256sums.txt`,
        `${gatekeeper}/download/v3.24.0/sha256sums.txt`,
        `${gatekeeper}/download/v3.24.0/gator-v3.24.0-linux-amd64.tar.gz`,
      ],
    );
    const script = await pipeline.job.runScript({
      name: 'show',
      script: '"$TOOLS_KYVERNOPATH" version && kyverno version && "$TOOLS_GATORPATH" --version && gator --version',
      condition: 'always()',
    });
    const shown = script.log.filter((line) => /^(Version: 1\.20\.2|gator version v3\.23\.1 .*)$/.test(line));
    assert.equal(shown.length, 4, script.log.join('\n'));
  });

  it('come from a folder, and from the tool cache the next time', async () => {
    const inputs = { tools: 'kyverno 1.20.2\ngator 3.24.0', mirror: pipeline.azure.releases.folder };
    const [first, again] = [await install(inputs), await install(inputs)];

    assert.equal(again.result, 'Succeeded', again.log.join('\n'));
    assert.deepEqual(again.outputs, first.outputs);
    assert.match(
      again.log.join('\n'),
      /^kyverno 1\.20\.2 is in the tool cache\.[\s\S]*^gator 3\.24\.0 is in the tool/m,
    );
  });

  it('are refused when the vendor gives out other bytes than the task has pinned', async () => {
    const step = await install({ tools: 'kyverno' });

    assert.equal(step.result, 'Failed');
    assert.match(messageOf(step), /but it must have b38228f367fc.*: it was changed or damaged on its way/);
  });

  it('are not there in a version of a line that nothing names', async () => {
    const step = await install({ tools: 'kyverno 1.18.x' });

    assert.match(
      messageOf(step),
      /^No version of kyverno is known that fits 1\.18\.x: github\.com names its newest versions only \(1\.19\.1, 1\.20\.2\)/,
    );
  });
});
