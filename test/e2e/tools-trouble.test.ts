import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import type { Fault } from '../azure/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';

const archive = '/helm-v3.17.3-linux-amd64.tar.gz';

describe('DeliveryToolsInstaller: when a download goes wrong', () => {
  let pipeline: Pipeline;
  let folder: string;
  beforeEach(async () => {
    pipeline = await startPipeline({
      helm: null,
      job: { cancelTimes: { interrupt: 600_000, terminate: 600_000, output: 100 } },
    });
    folder = mkdtempSync(path.join(tmpdir(), 'small-helm-'));
    const executable = path.join(folder, 'helm');
    writeFileSync(executable, `#!/bin/sh\necho v3.17.3\n# ${'padding '.repeat(100_000)}`);
    chmodSync(executable, 0o755);
    await pipeline.azure.releases.publish({ tool: 'helm', version: '3.17.3', executable });
  });
  afterEach(async () => {
    await pipeline.close();
    rmSync(folder, { recursive: true });
  });

  const install = (version = '3.17.3'): Promise<StepResult> =>
    pipeline.run('DeliveryToolsInstaller', { inputs: { tools: `helm ${version}` } });

  async function assertNothingStays(step: StepResult): Promise<void> {
    assert.deepEqual(step.violations, []);
    assert.deepEqual(
      step.commands.filter(({ event }) => event === 'prependpath'),
      [],
    );
    const { tools, temp } = pipeline.job.folders;
    await pipeline.job.finish();
    const left = [tools, temp].flatMap((each) => readdirSync(each, { recursive: true, withFileTypes: true }));
    assert.deepEqual(
      left.filter((entry) => entry.isFile()).map((entry) => entry.name),
      [],
    );
  }

  const troubles: readonly [string, Pick<Fault, 'kind' | 'times'>, string, RegExp][] = [
    [
      'one byte is changed',
      { kind: 'tamper' },
      archive,
      /has the SHA-256 \w{64}, but it must have \w{64}: it was changed or damaged/,
    ],
    [
      'the file is cut short every time',
      { kind: 'truncate', times: 3 },
      archive,
      /The download of .* broke off 3 times, the last time because/,
    ],
    [
      'the host limits the rate',
      { kind: '403', times: 9 },
      archive,
      /get\.helm\.sh refuses .* \(HTTP 403\), .*\(rate limit\)/,
    ],
    [
      'a captive portal answers',
      { kind: 'html', times: 9 },
      archive,
      /get\.helm\.sh answered with a web page instead of/,
    ],
    [
      'the checksum is a web page',
      { kind: 'html', times: 9 },
      `${archive}.sha256sum`,
      /answered with a web page instead of .*sha256sum/,
    ],
    ['the host fails for long', { kind: '500', times: 9 }, archive, /get\.helm\.sh failed several times \(HTTP 500\)/],
  ];
  for (const [what, fault, file, says] of troubles) {
    it(`installs nothing when ${what}`, async () => {
      pipeline.azure.fault({ ...fault, match: (request) => request.path === file });

      const step = await install();

      assert.equal(step.result, 'Failed');
      assert.match(messageOf(step), says);
      await assertNothingStays(step);
    });
  }

  it('installs nothing of a version that does not exist', async () => {
    const step = await install('3.99.0');

    assert.equal(step.result, 'Failed');
    assert.match(
      messageOf(step),
      /^get\.helm\.sh has no \/helm-v3\.99\.0-linux-amd64\.tar\.gz\.sha256sum, .*check that this version exists/,
    );
    await assertNothingStays(step);
  });

  it('gets through passing troubles', async () => {
    for (const kind of ['reset', '503', 'truncate'] as const) {
      pipeline.azure.fault({ kind, match: (request) => request.path === archive });
    }

    const step = await install();

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const script = await pipeline.job.runScript({ name: 'show', script: 'helm version' });
    assert.equal(script.log.at(-1), 'v3.17.3');
  });

  it('stops at once when the run is cancelled, and leaves nothing', async () => {
    const controller = new AbortController();
    const hanging = pipeline.azure.fault({
      kind: 'hang',
      match: (request) => {
        if (request.path === archive) setImmediate(() => controller.abort());
        return request.path === archive;
      },
    });

    const step = await pipeline.run('DeliveryToolsInstaller', {
      inputs: { tools: 'helm 3.17.3' },
      cancel: controller.signal,
    });

    assert.equal(step.result, 'Canceled');
    assert.equal(hanging.hits, 1);
    await assertNothingStays(step);
  });
});
