import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipelineResource, type PipelineRuns, wholeNumber } from '../common/devops/index.ts';
import { handoffFileName, largestFile } from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs } from './inputs.gen.ts';

/** The CI run whose handoff is wanted. */
export interface Source {
  readonly projectId: string;
  readonly runId: number;
  /** Where `download: <alias>` puts the artifact; undefined for a run that no resource names. */
  readonly folder: string | undefined;
}

type SourceContext = Pick<TaskContext, 'variable' | 'variableNames' | 'log'>;

/** @throws TaskError when the inputs and the run's pipeline resources name no run. */
export function sourceOf(inputs: Inputs, artifactName: string, context: SourceContext): Source {
  if (inputs.runId === undefined) {
    const { alias, projectId, runId } = pipelineResource(inputs.pipeline, context);
    const workspace = context.variable('Pipeline.Workspace');
    return { projectId, runId, folder: workspace && path.join(workspace, alias, artifactName) };
  }
  if (inputs.pipeline !== undefined) {
    throw new TaskError(
      'Give only one of the inputs pipeline (a pipeline resource) and runId (a run of this project).',
    );
  }
  const projectId = context.variable('System.TeamProjectId');
  if (projectId === undefined) throw new TaskError('The agent gives no System.TeamProjectId; input runId needs it.');
  return { projectId, runId: wholeNumber(inputs.runId, 'Input runId'), folder: undefined };
}

/**
 * The bytes of variables.json: of the downloaded artifact, else of the artifact that the run published.
 * @throws TaskError when there is no such artifact, no such file, or a larger one than any handoff.
 */
export async function handoffBytes(
  { folder, runId }: Source,
  artifact: string,
  runs: PipelineRuns,
  context: SourceContext,
): Promise<Buffer> {
  if (folder === undefined || (await lstat(folder).catch(() => undefined)) === undefined) {
    context.log.info(`Fetching artifact ${artifact} of run ${runId} through the REST API.`);
    return runs.artifactFile(runId, { artifact, file: handoffFileName, largest: largestFile });
  }
  const file = path.join(folder, handoffFileName);
  const found = await lstat(file).catch(() => undefined);
  if (!found?.isFile()) {
    throw new TaskError(
      `The downloaded artifact has no file ${file}: was it published by HandoffPublish, and does the download step fetch it?`,
    );
  }
  if (found.size > largestFile) {
    throw new TaskError(`${file} has ${found.size} bytes; a handoff has at most ${largestFile}.`);
  }
  context.log.info(`Reading ${file}.`);
  return readFile(file);
}
