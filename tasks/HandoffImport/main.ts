import { PipelineRuns } from '../common/devops/index.ts';
import { checkArtifactName, checkRecord } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { checkedOutputs, checkSealInputs, twoFieldOutputs } from './checked-outputs.ts';
import { layFiles } from './handed-files.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { checkPipeline, handoffOf, sourceOf } from './source.ts';
import { filledLines } from '../common/text/lines.ts';

/** Finds the handoff, checks all there is to check, and only then sets the first output. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const artifactName = checkArtifactName(given(inputs, 'artifactName'));
  checkSealInputs(inputs);
  const source = sourceOf(inputs, artifactName, context);
  const runs = new PipelineRuns(source.projectId, context);
  const record = await runs.find(source.runId);
  checkPipeline(record, inputs.pipelineId);
  checkRecord(record, filledLines(inputs.allowedBranches));
  const { read, files } = await handoffOf(source, artifactName, runs, context);
  const outputs =
    read.form === 'version 1'
      ? await checkedOutputs(read.handoff, record, inputs, context)
      : twoFieldOutputs(read.handoff, inputs, context);
  const listed = read.form === 'version 1' ? (read.handoff.files ?? []) : [];
  const folder = await layFiles(listed, await files(listed), context);
  // A handoff in full has nothing else, by its schema; the old file has whatever a script wrote.
  for (const [name, value] of outputs) context.setForeignOutput(name, value);
  if (read.form === 'version 1') context.setOutput('filesPath', folder);
  return `Handoff of CI run ${record.number} (${record.id}), ${record.branch} at ${record.commit}: ${outputs.length} outputs set, ${listed.length} file${listed.length === 1 ? '' : 's'} checked.`;
}
