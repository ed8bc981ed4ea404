import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../../agent/index.ts';
import type { StepDocument } from '../../agent/pipelines/run/document.ts';
import type { StepContext } from '../../agent/pipelines/run/steps.ts';
import { workbench } from '../agent/workbench.ts';
import { ArtifactServer, contextOf, pipelineSteps, runSteps, stepDocument, temporaryFolders } from './steps-bench.ts';

describe('script steps of a pipeline', () => {
  const bench = workbench();

  async function run(step: StepDocument, files: Record<string, string> = {}): Promise<StepResult> {
    const job = await bench.job({ variables: { who: 'robin' } });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(job.folders.sources, name)), { recursive: true });
      writeFileSync(path.join(job.folders.sources, name), text);
    }
    const [result = assert.fail()] = await runSteps(job, [step], contextOf(job, new ArtifactServer()));
    return result;
  }

  for (const [task, targetType] of [
    ['CmdLine@2', undefined],
    ['Bash@3', 'inline'],
    ['d9bafed4-0b18-4f58-968d-86655b4d2ce9@2', undefined],
  ] as const) {
    it(`run what stands in them (${task})`, async () => {
      const inputs = { script: 'echo "$WHO $(who) $GREETING"', ...(targetType && { targetType }) };
      const { result, log } = await run(stepDocument(task, inputs, { env: { GREETING: 'hello $(who)' } }));
      assert.deepEqual([result, log], ['Succeeded', ['robin robin hello robin']]);
    });
  }

  it('run a file with arguments, from the sources', async () => {
    const inputs = { filePath: "it's/a.sh", arguments: '$(who) "two words"' };
    const { log } = await run(stepDocument('Bash@3', inputs), { "it's/a.sh": 'echo "$# $1 $2"' });
    assert.deepEqual(log, ['2 robin two words']);
  });

  it('run in their working directory', async () => {
    const { log } = await run(stepDocument('CmdLine@2', { script: 'cat file', workingDirectory: 'a/b' }), {
      'a/b/file': 'found',
    });
    assert.deepEqual(log, ['found']);
  });

  it('fail by their stderr only where they want it', async () => {
    const script = 'echo odd >&2';
    assert.equal((await run(stepDocument('Bash@3', { targetType: 'inline', script }))).result, 'Succeeded');
    const strict = await run(stepDocument('Bash@3', { targetType: 'inline', script, failOnStderr: 'true' }));
    assert.deepEqual(
      [strict.result, strict.issues.map(({ message }) => message)],
      ['Failed', ['Bash wrote one or more lines to the standard error stream.']],
    );
  });

  it('give outputs by their name', async () => {
    const job = await bench.job();
    const script = 'echo "##vso[task.setvariable variable=tag;isOutput=true]1.2"';
    const inline = { targetType: 'inline' };
    const steps = [
      stepDocument('Bash@3', { ...inline, script }, { name: 'build', displayName: 'Build $(Build.BuildId)' }),
      stepDocument('Bash@3', { ...inline, script: 'echo "$(build.tag)"' }),
    ];
    const [build, next] = await runSteps(job, steps, contextOf(job, new ArtifactServer()));
    assert.deepEqual([build?.name, build?.displayName, next?.log], ['build', 'Build 703', ['1.2']]);
  });

  it('may be forbidden to set variables by their target', async () => {
    const target = { commands: 'restricted', settableVariables: ['ok*'] } as const;
    const script =
      'for v in okay other; do echo "##vso[task.setvariable variable=$v]x"; done; echo "##vso[build.addbuildtag]t"';
    const job = await bench.job();
    const step = stepDocument('CmdLine@2', { script }, { target });
    const [result] = await runSteps(job, [step], contextOf(job, new ArtifactServer()));
    assert.equal(result?.violations.length, 2, result?.log.join('\n'));
    assert.deepEqual(
      [job.variables.get('okay'), job.variables.get('other'), job.record.buildTags],
      ['x', undefined, []],
    );
  });
});

describe('a PowerShell step', () => {
  const bench = workbench();
  const folder = temporaryFolders();

  it('gives pwsh its script, with what makes errors count', async () => {
    const tools = folder();
    writeFileSync(path.join(tools, 'pwsh'), '#!/bin/bash\nfile="${@: -1}"; eval "cat ${file#. }"\n', { mode: 0o755 });
    const job = await bench.job({ environment: { PATH: `${tools}${path.delimiter}${process.env['PATH']}` } });
    const inputs = { targetType: 'inline', pwsh: 'true', script: 'Write-Host "$(Build.BuildId)"' };
    const file = { filePath: 'a.ps1', arguments: '-Verbose', ignoreLASTEXITCODE: 'true' };
    const steps = [stepDocument('PowerShell@2', inputs), stepDocument('PowerShell@2', file)];
    const [inline, ofFile] = await runSteps(job, steps, contextOf(job, new ArtifactServer()));
    const stop = "$ErrorActionPreference = 'stop'";
    const exit = String.raw`if (Test-Path -LiteralPath variable:\LASTEXITCODE) { exit $LASTEXITCODE }`;
    assert.deepEqual(inline?.log, [stop, 'Write-Host "703"', exit]);
    assert.deepEqual(ofFile?.log, [stop, `. '${path.join(job.folders.sources, 'a.ps1')}' -Verbose`]);
  });

  it('is not played where there is no pwsh', async () => {
    const { PATH } = process.env;
    const tools = folder();
    try {
      process.env['PATH'] = tools;
      const runner = await pipelineSteps();
      assert.equal(runner.unplayed(stepDocument('PowerShell@2')), 'PowerShell@2 without a pwsh on PATH');
      writeFileSync(path.join(tools, 'pwsh'), '');
      assert.equal(runner.unplayed(stepDocument('PowerShell@2')), undefined);
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

function scriptStep(text: string, more: Partial<StepDocument> = {}): StepDocument {
  return stepDocument('CmdLine@2', { script: text }, more);
}

describe('the options of a step', () => {
  const bench = workbench();
  async function run(steps: readonly StepDocument[], more: Partial<StepContext> = {}): Promise<unknown[]> {
    const job = await bench.job({ retryWait: () => 0, cancelTimes: { output: 60 } });
    const results = await runSteps(job, steps, contextOf(job, new ArtifactServer(), more));
    return [...results.map(({ result }) => result), job.status];
  }

  it('are its condition, and whether a failure counts', async () => {
    const steps = [
      scriptStep('exit 1', { continueOnError: true }),
      scriptStep('exit 2'),
      scriptStep('true'),
      scriptStep('true', { condition: 'always()' }),
    ];
    assert.deepEqual(await run(steps), ['SucceededWithIssues', 'Failed', 'Skipped', 'Succeeded', 'Failed']);
  });

  it('are whether it is there at all', async () => {
    assert.deepEqual(await run([scriptStep('exit 1', { enabled: false, condition: 'always()' })]), [
      'Skipped',
      'Succeeded',
    ]);
  });

  it('are its time and its retries', async () => {
    const once = 'test -e file || { touch file; exit 1; }';
    const steps = [
      scriptStep(once, { retryCountOnTaskFailure: 1 }),
      scriptStep('sleep 600', { timeoutInMinutes: 1e-6 }),
    ];
    assert.deepEqual(await run(steps), ['Succeeded', 'Failed', 'Failed']);
  });

  it('end with the run: only always() goes on, and nothing once there is no time left', async () => {
    const [cancel, giveUp] = [new AbortController(), new AbortController()];
    const onLine = (line: string): void => {
      if (line === 'first') cancel.abort();
      if (line === 'second') giveUp.abort();
    };
    const always = { condition: 'always()' };
    const steps = [
      scriptStep('echo first; sleep 600'),
      scriptStep('true'),
      scriptStep('echo second; sleep 600', always),
      scriptStep('true', always),
    ];
    const results = await run(steps, { cancel: cancel.signal, giveUp: giveUp.signal, onLine });
    assert.deepEqual(results, ['Canceled', 'Skipped', 'Canceled', 'Skipped', 'Canceled']);
  });

  it('give its lines as they come, without secrets', async () => {
    const lines: string[] = [];
    const steps = [scriptStep('echo "##vso[task.setsecret]hunter2"; echo "it is hunter2"')];
    await run(steps, { onLine: (line) => lines.push(line) });
    assert.deepEqual(lines, ['it is ***']);
  });
});
