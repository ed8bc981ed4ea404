import { PipelineRuns, type RunRecord } from '../common/devops/index.ts';
import {
  checkArtifactName,
  checkRecord,
  checkRegistry,
  checkRun,
  checkSeal,
  outputsOf,
  outputsOfTwoFields,
  readHandoff,
  type Handoff,
  type HandoffOutputs,
  type TwoFieldHandoff,
} from '../common/handoff/index.ts';
import { openRegistry } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/errors.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { handoffBytes, sourceOf } from './source.ts';

/** Finds the handoff, checks all there is to check, and only then sets the first output. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const artifactName = checkArtifactName(inputs.artifactName);
  const source = sourceOf(inputs, artifactName, context);
  const runs = await PipelineRuns.of(source.projectId, context);
  const record = await runs.find(source.runId);
  checkRecord(record, linesOf(inputs.allowedBranches));
  const read = readHandoff(await handoffBytes(source, artifactName, runs, context));
  const outputs =
    read.form === 'version 1'
      ? await checkedOutputs(read.handoff, record, inputs, context)
      : twoFieldOutputs(read.handoff, inputs, context);
  for (const [name, value] of outputs) context.setOutput(name, value);
  return `Handoff of CI run ${record.number} (${record.id}), ${record.branch} at ${record.commit}: ${outputs.length} outputs set.`;
}

async function checkedOutputs(
  handoff: Handoff,
  record: RunRecord,
  inputs: Inputs,
  context: TaskContext<Output>,
): Promise<HandoffOutputs> {
  if (inputs.sealKey !== undefined) checkSeal(handoff, inputs.sealKey);
  else if (handoff.seal !== undefined) {
    context.log.warning('The handoff is sealed, but input sealKey is empty, so the seal was not checked.');
  }
  checkRun(handoff.run, record);
  if (hasRegistry(inputs)) await checkRegistry(handoff, await openRegistry(inputs, context));
  return outputsOf(handoff);
}

/** The old file proves nothing, so it cannot stand in where a proof is asked for. */
function twoFieldOutputs(handoff: TwoFieldHandoff, inputs: Inputs, context: TaskContext<Output>): HandoffOutputs {
  const asked = [
    ...(inputs.strict ? ['strict is set'] : []),
    ...(inputs.sealKey === undefined ? [] : ['a sealKey is given, and it has no seal']),
    ...(hasRegistry(inputs) ? ['a registry is given, and it has no digest'] : []),
  ];
  if (asked.length > 0) {
    throw new TaskError(
      `variables.json has only the fields chartVersion and imgVersion, but ${asked.join(', and ')}. ` +
        'Write it with HandoffPublish@1 in the CI pipeline.',
    );
  }
  context.log.warning(
    'variables.json has only the fields chartVersion and imgVersion: nothing says which run wrote it or which digests are ' +
      'meant. Write it with HandoffPublish@1 in the CI pipeline.',
  );
  return outputsOfTwoFields(handoff);
}

function hasRegistry({ azureSubscription, containerRegistry, registry }: Inputs): boolean {
  return [azureSubscription, containerRegistry, registry].some((input) => input !== undefined);
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
