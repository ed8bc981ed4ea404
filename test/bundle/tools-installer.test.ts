import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { messageOf, startPipeline, type Pipeline } from '../bench/pipeline.ts';

const kubectl = '/release/v1.30.0/bin/linux/amd64/kubectl';
const script = '#!/bin/sh\necho kubectl 1.30.0 was here\n';

/** A kubectl that says this, with its checksum beside it. */
const says = (text: string): Record<string, string> => ({
  [kubectl]: `#!/bin/sh\necho ${text}\n`,
  [`${kubectl}.sha256`]: createHash('sha256').update(`#!/bin/sh\necho ${text}\n`).digest('hex'),
});

describe('DeliveryToolsInstaller', () => {
  let pipeline: Pipeline;
  afterEach(() => pipeline.close());

  const install = (inputs: Record<string, string>): Promise<StepResult> =>
    pipeline.run('DeliveryToolsInstaller', { name: 'tools', inputs, condition: 'always()' });

  /** Puts files under the sources; returns their folder from there. */
  function keep(files: Readonly<Record<string, string>>): string {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(pipeline.job.folders.sources, 'mirror', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return 'mirror';
  }

  for (const node of ['20', '24'] as const) {
    it(`installs from a folder of the sources, on Node ${node}`, async () => {
      pipeline = await startPipeline({ helm: null, node });
      const mirror = keep({
        [kubectl]: script,
        [`${kubectl}.sha256`]: createHash('sha256').update(script).digest('hex'),
      });

      const step = await install({ tools: 'kubectl v1.30.0', mirror });

      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.deepEqual(step.violations, []);
      assert.deepEqual(Object.keys(step.outputs), ['kubectlPath']);
      const later = await pipeline.job.runScript({ name: 'later', script: 'kubectl && "$TOOLS_KUBECTLPATH"' });
      assert.deepEqual(later.log.slice(-2), ['kubectl 1.30.0 was here', 'kubectl 1.30.0 was here']);
    });
  }

  it('does not take for granted what a mirror of another pipeline, or anybody else, left in the cache', async () => {
    pipeline = await startPipeline({ helm: null });
    const run = async (): Promise<string | undefined> =>
      (await pipeline.job.runScript({ name: 'run', script: 'kubectl', condition: 'always()' })).log.at(-1);
    const evil = await install({ tools: 'kubectl 1.30.0', mirror: keep(says('evil')) });

    const ours = await install({ tools: 'kubectl 1.30.0', mirror: keep(says('ours')) });
    assert.equal(await run(), 'ours');
    assert.notEqual(ours.outputs['kubectlPath'], evil.outputs['kubectlPath']);

    for (const content of ['#!/bin/sh\necho changed\n', '']) {
      writeFileSync(ours.outputs['kubectlPath'] ?? '', content);
      const again = await install({ tools: 'kubectl 1.30.0', mirror: keep(says('ours')) });
      assert.match(
        again.log.join('\n'),
        /in the tool cache is not used and left alone, since kubectl in it has the SHA-256/,
      );
      assert.equal(await run(), 'ours');
    }
  });

  it('leaves the cache to other jobs, whatever a variable of the pipeline says', async () => {
    pipeline = await startPipeline({ helm: null });
    const mirror = keep({
      [kubectl]: script,
      [`${kubectl}.sha256`]: createHash('sha256').update(script).digest('hex'),
    });
    const { outputs } = await install({ tools: 'kubectl 1.30.0', mirror });
    const [place = ''] = readdirSync(pipeline.job.folders.tools);
    pipeline.job.variables.set('VSTS_TASKVARIABLE_JOBFOLDER', path.join(pipeline.job.folders.tools, place));

    const { postJobSteps } = await pipeline.job.finish();

    assert.match(
      postJobSteps.flatMap((step) => step.issues.map(({ message }) => message)).join(),
      /\(VSTS_TASKVARIABLE_JOBFOLDER\) was not removed/,
    );
    assert.equal(existsSync(outputs['kubectlPath'] ?? ''), true);
  });

  it('reads nothing of a mirror that a link leads to', async () => {
    pipeline = await startPipeline({ helm: null });
    const mirror = keep({ [`${kubectl}.sha256`]: createHash('sha256').update(script).digest('hex') });
    const elsewhere = path.join(pipeline.job.folders.root, 'elsewhere');
    writeFileSync(elsewhere, script);
    symlinkSync(elsewhere, path.join(pipeline.job.folders.sources, mirror, kubectl));

    const step = await install({ tools: 'kubectl 1.30.0', mirror });

    assert.equal(step.result, 'Failed');
    assert.match(messageOf(step), /kubectl is a link; put a copy of the file in its place\.$/);
  });

  it('takes no folder of tools that a link in the sources leads to, but one that the author names outside', async () => {
    pipeline = await startPipeline({ helm: null });
    const { root, sources } = pipeline.job.folders;
    const outside = path.join(root, 'of-another-job');
    for (const [name, content] of Object.entries(says('outside'))) {
      mkdirSync(path.dirname(path.join(outside, name)), { recursive: true });
      writeFileSync(path.join(outside, name), content);
    }
    symlinkSync(outside, path.join(sources, 'link'));
    symlinkSync('mirror', path.join(sources, 'within'));
    keep(says('within'));
    const tools = 'kubectl 1.30.0';

    for (const mirror of ['link', `${sources}/link`, 'mirror/../link/release/..']) {
      const step = await install({ tools, mirror });
      assert.match(messageOf(step), /^Input mirror is '.*', which is a link in the sources that leads out of this job/);
    }
    for (const mirror of ['within', outside]) assert.equal((await install({ tools, mirror })).result, 'Succeeded');
  });

  it('prints what foreign files say without obeying it', async () => {
    pipeline = await startPipeline({ helm: null });
    const command = '##vso[task.setvariable variable=PATH]/evil';
    const mirror = keep({ [kubectl]: script, [`${kubectl}.sha256`]: command, '/helm-latest-version': command });

    const [checksum, version] = [
      await install({ tools: 'kubectl 1.30.0', mirror }),
      await install({ tools: 'helm latest', mirror }),
    ];

    assert.match(messageOf(checksum), /holds no SHA-256 of kubectl but '/);
    assert.match(messageOf(version), /should hold a version, but holds '/);
    for (const step of [checksum, version]) {
      assert.deepEqual(step.violations, []);
      assert.deepEqual(
        step.commands.filter(({ event, data }) => event === 'setvariable' || data === '/evil'),
        [],
      );
    }
  });

  const refusals: readonly [string, Record<string, string>, RegExp][] = [
    [
      'another tool',
      { tools: 'kustomize 5.8.1' },
      /^Input tools has the line 'kustomize 5\.8\.1'; a line begins with one of helm, kubectl, kubelogin/,
    ],
    ['a tool that comes twice', { tools: 'helm 3.x\nhelm 4.x' }, /^Input tools names helm twice/],
    [
      'a version that is none',
      { tools: 'helm newest' },
      /^'newest' is no version of helm; give a version such as 4\.1\.4, a range such as 4\.x, or latest\.$/,
    ],
    [
      'a mirror without https',
      { tools: 'helm', mirror: 'http://tools.contoso.com' },
      /^Input mirror is the address of http:\/\/tools\.contoso\.com; it takes an address that begins with https:/,
    ],
    [
      'a folder that is not there',
      { tools: 'helm', mirror: 'no/such' },
      /^Input mirror is 'no\/such', but .*no\/such is no folder/,
    ],
    [
      'a mirror that is unknown',
      { tools: 'helm 4.1.3', mirror: 'https://tools.fabrikam.com' },
      /^tools\.fabrikam\.com failed several times \(HTTP 502\)/,
    ],
  ];
  for (const [what, inputs, reason] of refusals) {
    it(`refuses ${what}`, async () => {
      pipeline = await startPipeline({ helm: null });

      const step = await install(inputs);

      assert.equal(step.result, 'Failed');
      assert.match(messageOf(step), reason);
    });
  }

  it('refuses a CPU that no vendor builds for', async () => {
    pipeline = await startPipeline({ helm: null, job: { variables: { 'Agent.OSArchitecture': 'X86' } } });

    const step = await install({ tools: 'helm' });

    assert.match(
      messageOf(step),
      /^This agent runs on \w+ with an x86 CPU; the tools can be installed on Linux, macOS and Windows/,
    );
  });

  it('lets nobody see the password of a mirror, not even in the debug log', async () => {
    pipeline = await startPipeline({ helm: null });

    const step = await install({ tools: 'helm 4.1.3', mirror: 'https://ci:p%40ss-word@tools.fabrikam.com/path' });

    assert.equal(step.result, 'Failed');
    const output = step.rawOutput.replaceAll(/^##vso\[task\.setsecret\].*$/gm, '');
    for (const form of ['p%40ss-word', 'p@ss-word']) assert.ok(!output.includes(form), form);
  });
});
