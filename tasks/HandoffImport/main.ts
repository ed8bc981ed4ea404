import { PipelineRuns } from '../common/devops/index.ts';
import { checkArtifactName, checkRecord, readHandoff } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkedOutputs, twoFieldOutputs } from './checked-outputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { handoffBytes, sourceOf } from './source.ts';
import { filledLines } from '../common/text/lines.ts';

/** Finds the handoff, checks all there is to check, and only then sets the first output. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const artifactName = checkArtifactName(inputs.artifactName);
  const source = sourceOf(inputs, artifactName, context);
  const runs = new PipelineRuns(source.projectId, context);
  const record = await runs.find(source.runId);
  checkRecord(record, filledLines(inputs.allowedBranches));
  const read = readHandoff(await handoffBytes(source, artifactName, runs, context));
  const outputs =
    read.form === 'version 1'
      ? await checkedOutputs(read.handoff, record, inputs, context)
      : twoFieldOutputs(read.handoff, inputs, context);
  for (const [name, value] of outputs) context.setOutput(name, value);
  return `Handoff of CI run ${record.number} (${record.id}), ${record.branch} at ${record.commit}: ${outputs.length} outputs set.`;
}
