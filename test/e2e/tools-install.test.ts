import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { startAzure, type Azure } from '../azure/index.ts';
import { startPipelineOn, messageOf, loginServer, type Pipeline, type PipelineOptions } from '../bench/pipeline.ts';
import { realProgram } from '../real/index.ts';

/** Every file under a folder, relative to it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

const shownVersions = [
  'command -v helm kubectl kubelogin',
  'helm version --template "{{.Version}}{{println}}"',
  'kubectl version --client --output=json | grep gitVersion',
  'kubelogin --version | grep "git hash"',
].join('\n');

describe('DeliveryToolsInstaller: the real tools from their vendors', () => {
  let azure: Azure;
  let pipeline: Pipeline;
  before(async () => {
    azure = await startAzure();
    const releases = [
      { tool: 'helm', version: '4.2.3', executable: await realProgram('helm-4.2') },
      { tool: 'kubectl', version: '1.36.3', executable: await realProgram('kubectl') },
      { tool: 'kubelogin', version: '0.2.18', executable: await realProgram('kubelogin') },
    ] as const;
    for (const release of releases) await azure.releases.publish(release);
    azure.registry(loginServer);
  });
  after(() => azure.close());
  beforeEach(async () => {
    pipeline = await startOn({});
  });
  afterEach(() => pipeline.close());

  const startOn = (options: PipelineOptions): Promise<Pipeline> =>
    startPipelineOn(azure, azure.registry(`${crypto.randomUUID()}.azurecr.io`), { helm: null, ...options });
  const install = (inputs: Record<string, string>, on = pipeline): ReturnType<Pipeline['run']> =>
    on.run('DeliveryToolsInstaller', { name: 'tools', inputs });

  it('are on PATH for a later script step, where the outputs say', async () => {
    const step = await install({ tools: 'helm 4.2.x\nkubectl\nkubelogin latest' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(step.violations, []);
    assert.match(step.log.at(-1) ?? '', /Ready on PATH: helm 4\.2\.3, kubectl 1\.36\.3, kubelogin 0\.2\.18/);
    const script = await pipeline.job.runScript({ name: 'show', script: shownVersions });
    assert.equal(script.result, 'Succeeded', script.log.join('\n'));
    const shown = script.log.join('\n');
    for (const output of ['helmPath', 'kubectlPath', 'kubeloginPath']) {
      const place = step.outputs[output] ?? '';
      assert.ok(place.startsWith(pipeline.job.folders.tools) && shown.includes(place), `${output} = '${place}'`);
    }
    for (const version of [/^v4\.2\.3$/m, /"gitVersion": "v1\.36\.3"/, /git hash: v0\.2\.22/])
      assert.match(shown, version);
  });

  it('are checked: kubectl against the checksum pinned in the task, helm against that of its vendor', async () => {
    const before = azure.requests.length;

    const step = await install({ tools: 'helm 4.2.3\nkubectl 1.36.3' });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual(
      azure.requests.slice(before).map(({ host, path: file, status }) => `${status} ${host}${file}`),
      [
        '200 get.helm.sh/helm-v4.2.3-linux-amd64.tar.gz.sha256sum',
        '200 get.helm.sh/helm-v4.2.3-linux-amd64.tar.gz',
        '302 dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl',
        '200 cdn.dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl',
      ],
    );
    assert.match(step.log.join('\n'), /as get\.helm\.sh publishes[\s\S]*ebbd080e7c2e.*, as pinned in this task/);
  });

  it('are downloaded once for all jobs of an agent', async () => {
    const first = await install({ tools: 'helm 4.2.3' });
    const before = azure.requests.length;

    const again = await install({ tools: 'helm v4.2.3' });

    assert.deepEqual(
      azure.requests.slice(before).map((request) => request.path),
      ['/helm-v4.2.3-linux-amd64.tar.gz.sha256sum'],
    );
    assert.match(again.log.join('\n'), /^helm 4\.2\.3 is in the tool cache\.$/m);
    assert.equal(again.outputs['helmPath'], first.outputs['helmPath']);
  });

  it('leave nothing behind but the tool', async () => {
    await install({ tools: 'kubelogin 0.2.18' });
    const { result } = await pipeline.job.finish();

    assert.equal(result, 'Succeeded');
    assert.deepEqual(filesIn(pipeline.job.folders.temp), []);
    const [place = '', ...others] = new Set(filesIn(pipeline.job.folders.tools).map((file) => path.dirname(file)));
    assert.match(place, /^delivery-tools-\d+\/kubelogin\/0\.2\.18\/\w+-[0-9a-f]{16}$/);
    assert.deepEqual(others, []);
    assert.deepEqual(readdirSync(path.join(pipeline.job.folders.tools, place)).sort(), [
      'kubelogin',
      'kubelogin-linux-amd64.zip',
    ]);
  });

  it('can be installed by two jobs of one machine at once', async () => {
    const shared = { variables: { 'Agent.ToolsDirectory': pipeline.job.folders.tools } };
    const others = await Promise.all([startOn({ job: shared }), startOn({ job: shared })]);
    try {
      const steps = await Promise.all(others.map((other) => install({ tools: 'helm 4.2.3\nkubectl' }, other)));
      const scripts = await Promise.all(
        others.map((other) =>
          other.job.runScript({ name: 'show', script: 'helm version && kubectl version --client' }),
        ),
      );

      for (const step of [...steps, ...scripts]) assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(steps[0]?.outputs['helmPath'], steps[1]?.outputs['helmPath']);
      const files = filesIn(pipeline.job.folders.tools);
      assert.equal(files.length, 3, files.join('\n'));
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it('come from a mirror, whose password nobody sees', async () => {
    const host = `${crypto.randomUUID()}.contoso.com`;
    azure.mirror(host, { base: '/artifactory/tools', credentials: 'ci:s3cret#of@mirror' });
    const before = azure.requests.length;
    const mirror = `https://ci:${encodeURIComponent('s3cret#of@mirror')}@${host}/artifactory/tools`;

    const step = await install({ tools: 'helm latest\nkubelogin 0.2.18', mirror });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...new Set(azure.requests.slice(before).map((request) => request.host))], [host]);
    const output = step.rawOutput.replaceAll(/^##vso\[task\.setsecret\].*$/gm, '');
    for (const secret of ['s3cret#of@mirror', encodeURIComponent('s3cret#of@mirror')]) {
      assert.ok(!output.includes(secret) && !step.log.join('\n').includes(secret));
    }
  });

  it('come from a folder, without any network', async () => {
    const before = azure.requests.length;

    const step = await install({ tools: 'helm 4.2.3\nkubectl\nkubelogin 0.2.18', mirror: azure.releases.folder });

    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(azure.requests.length, before);
  });

  it('are refused when the vendor gives out other bytes than the task has pinned', async () => {
    await azure.releases.publish({ tool: 'helm', version: '4.1.4', executable: await realProgram('helm-4.1') });

    const step = await install({ tools: 'helm' });

    assert.equal(step.result, 'Failed');
    assert.match(messageOf(step), /but it must have 70b2c30a19da.*: it was changed or damaged on its way/);
    assert.deepEqual(filesIn(pipeline.job.folders.tools), []);
  });
});
