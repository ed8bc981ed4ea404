import { existsSync } from 'node:fs';
import path from 'node:path';
import { PipelineError } from '../pipeline-error.ts';
import type { StepInputs } from './step-inputs.ts';
import type { StepKind } from './step-kind.ts';

const shared = 'script workingDirectory failOnStderr';
const ofFiles = 'targetType filePath arguments';

/** `script:`; on Linux and macOS the task gives it to bash. */
const commandLine: StepKind = {
  title: 'CmdLine@2',
  ids: ['d9bafed4-0b18-4f58-968d-86655b4d2ce9'],
  inputs: shared,
  run: (job, { inputs, options }) =>
    job.runScript({ ...options, ...scriptOptions(inputs), script: inputs.raw('script') }),
};

/** `bash:` */
const bash: StepKind = {
  title: 'Bash@3',
  ids: ['6c731c3c-3c68-459a-a5c9-bde6e6595b5b'],
  // bash starts without its profiles here, whatever noProfile and noRc say.
  inputs: `${shared} ${ofFiles} noProfile noRc`,
  run: (job, { inputs, options }) => {
    const file = isFile(inputs) ? scriptFile(inputs, job.expand('$(Build.SourcesDirectory)')) : undefined;
    const script =
      file === undefined
        ? inputs.raw('script')
        : `exec bash '${file.replaceAll("'", String.raw`'\''`)}' ${inputs.raw('arguments')}`;
    return job.runScript({ ...options, ...scriptOptions(inputs), script });
  },
};

/** `pwsh:`, and `powershell:`, for which the task takes pwsh on Linux and macOS, too. */
const powerShell: StepKind = {
  title: 'PowerShell@2',
  ids: ['e213ff0f-5d5c-4791-802d-52ea3e7be1f1'],
  inputs: `${shared} ${ofFiles} pwsh errorActionPreference ignoreLASTEXITCODE`,
  unplayed: () => (isOnPath('pwsh') ? undefined : 'PowerShell@2 without a pwsh on PATH'),
  run: (job, { inputs, options }) => {
    const preference = inputs.text('errorActionPreference') ?? 'stop';
    const body = isFile(inputs)
      ? `. '${scriptFile(inputs, job.expand('$(Build.SourcesDirectory)')).replaceAll("'", "''")}' ${inputs.raw('arguments')}`
      : inputs.raw('script');
    const exit = String.raw`if (Test-Path -LiteralPath variable:\LASTEXITCODE) { exit $LASTEXITCODE }`;
    const lines = [
      `$ErrorActionPreference = '${preference}'`,
      body,
      ...(inputs.flag('ignoreLASTEXITCODE') ? [] : [exit]),
    ];
    return job.runScript({ ...options, ...scriptOptions(inputs), shell: 'pwsh', script: lines.join('\n') });
  },
};

/** The tasks that run scripts. */
export const scriptKinds: readonly StepKind[] = [commandLine, bash, powerShell];

function scriptOptions(inputs: StepInputs): { workingDirectory: string; failOnStderr: boolean } {
  return { workingDirectory: inputs.raw('workingDirectory'), failOnStderr: inputs.flag('failOnStderr') };
}

/** Both tasks take a file without any targetType. */
function isFile(inputs: StepInputs): boolean {
  return (inputs.text('targetType') ?? 'filePath').toLowerCase() === 'filepath';
}

function scriptFile(inputs: StepInputs, sources: string): string {
  const file = inputs.text('filePath');
  if (file === undefined) throw new PipelineError("A step with targetType filePath needs the input 'filePath'.");
  return path.resolve(sources, file);
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
}
