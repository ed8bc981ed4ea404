import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { clusterPolicy, noServices } from '../../../bench/sample-policies.ts';

const root = path.join(import.meta.dirname, '../../../..');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  /** What is left in the temp folder of the command. */
  readonly left: readonly string[];
}

/** Runs the command on a pipeline, with a temp folder of its own; interrupts it once it wrote `interrupt`. */
async function run(pipeline: string, options: readonly string[] = [], interrupt?: string): Promise<Ended> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'run-command-'));
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'run-command-temp-'));
  try {
    const file = path.join(folder, 'azure-pipelines.yml');
    await writeFile(file, pipeline);
    await cp(path.join(root, 'test/fixtures/charts/hello'), path.join(folder, 'charts/hello'), { recursive: true });
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/pipeline.ts', 'run', file, ...options], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { out: '', errors: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      const wasThere = interrupt === undefined || texts.out.includes(interrupt);
      texts.out += chunk.toString();
      if (!wasThere && texts.out.includes(interrupt)) child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      texts.errors += chunk.toString();
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    // tsx keeps what it compiled.
    const left = (await readdir(temporary)).filter((name) => !name.startsWith('tsx-'));
    return { code, ...texts, left };
  } finally {
    await rm(folder, { recursive: true });
    await rm(temporary, { recursive: true });
  }
}

const stages = `
stages:
- stage: build
  jobs:
  - job: work
    steps:
    - checkout: none
    - bash: echo "hello $(who)" > $(Build.ArtifactStagingDirectory)/greeting
    - publish: $(Build.ArtifactStagingDirectory)
      artifact: drop
- stage: qa
  jobs:
  - deployment: greet
    environment: qa
    strategy: {runOnce: {deploy: {steps: [{bash: 'cat $(Pipeline.Workspace)/drop/greeting'}]}}}
- stage: undo
  trigger: manual
  jobs:
  - job: work
    steps: [{checkout: none}, {bash: exit 1, displayName: Undo}]
`;

const check = (inputs: string): string =>
  `- {task: PolicyCheck@1, continueOnError: true, inputs: {policies: policy.yaml, namespace: shop, ${inputs}}}`;

describe('the command that plays pipelines', () => {
  it('tells what every step writes and what became of the stages, and ends with 0', async () => {
    const { code, out, errors, left } = await run(stages, ['--variables', '{"who":"contoso"}']);
    assert.deepEqual([code, errors, left], [0, '', []]);
    assert.match(out, /^qa\.greet\.deploy \| hello contoso$/m);
    assert.match(out, /^Run \d+\.1: Succeeded$/m);
    assert.match(out, /^ {2}undo {3}NotStarted: Stage undo has trigger: manual, and nobody started it\.$/m);
    assert.match(out, /^ {2}artifact drop: 1 file$/m);
  });

  it('starts a stage by hand, and ends with 1 for a run that failed', async () => {
    const { code, out, left } = await run(stages, ['--start', 'undo']);
    assert.deepEqual([code, left], [1, []]);
    assert.match(out, /^undo\.work > Undo$/m);
    assert.match(out, /^undo\.work < Failed$/m);
    assert.match(out, /^ {2}undo {3}Failed$/m);
  });

  it('plays the tasks in an Azure that has what they name', async () => {
    const text = `
variables: {name: contoso, server: $(name).azurecr.io}
steps:
- task: HelmChartSave@1
  name: save
  inputs: {chartPath: charts/hello}
- task: HelmChartPush@1
  inputs: {azureSubscription: contoso-azure, registry: $(server), chartPath: $(save.chartPath)}
`;
    const { code, out, errors, left } = await run(text);
    assert.deepEqual([code, errors, left], [0, '', []]);
    assert.match(out, /^Made for this run: its role AcrPush on contoso\.azurecr\.io$/m);
    assert.match(out, /^Job \| oci:\/\/contoso\.azurecr\.io\/\S+ pushed: sha256:[0-9a-f]{64}$/m);
  });

  it('gives the agents the programs that tasks start, also where no connection is named', async () => {
    const policy = clusterPolicy('none', noServices.replace('[Service]', '[ConfigMap]')).replaceAll('\n', '\n        ');
    const steps = [
      '- checkout: none',
      `- bash: |\n    cat > policy.yaml <<'END'\n        ${policy}\n    END\n    cp -r '${path.join(root, 'test/fixtures/charts/hello')}' .`,
      check('engine: kyverno, chart: hello'),
      check('engine: $(engine), chart: hello'),
    ];
    const { out, left } = await run(`steps:\n${steps.join('\n')}\n`, ['--variables', '{"engine":"gatekeeper"}']);
    assert.match(out, /The chart hello [\d.]+: of 1 policy 1 found something to warn of/);
    assert.match(out, /which is nothing of Gatekeeper but a policy of Kyverno/);
    assert.doesNotMatch(out, /Downloading/);
    assert.deepEqual(left, []);
  });

  it('ends with 1 and the words of the service for what it refuses, with 2 for what is not played', async () => {
    const refused = await run('variables:\n- group: nobody\nsteps:\n- bash: exit 0\n');
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.errors, /^Variable group nobody was not found/);
    const unplayed = await run('steps:\n- task: AzureCLI@2\n');
    assert.deepEqual([unplayed.code, unplayed.out], [2, '']);
    assert.equal(unplayed.errors, "not supported: task AzureCLI@2 (step 'AzureCLI' of job 'Job')\n");
  });

  it('is cancelled by an interrupt, after which always() still runs and nothing is left', async () => {
    const text = `
steps:
- checkout: none
- bash: 'echo waiting; exec tail -f /dev/null'
- bash: echo cleaned
  condition: always()
`;
    const { code, out, left } = await run(text, [], '| waiting');
    assert.deepEqual([code, left], [1, []]);
    assert.match(out, /^Job \| cleaned$/m);
    assert.match(out, /^Run .*: Canceled\n {2}Job {2}Canceled\n$/m);
  });
});
