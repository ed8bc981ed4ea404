import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { pipelineResource, type PipelineRuns, type RunRecord, wholeNumber } from '../common/devops/index.ts';
import {
  filesFolder,
  type HandedBytes,
  type HandoffFile,
  handoffFileName,
  largestFile,
  readHandoff,
  type ReadHandoff,
} from '../common/handoff/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkJobFile, readRegularFile } from '../common/task/job-files.ts';
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
  if (inputs.runId !== undefined && inputs.pipelineId === undefined) {
    context.log.warning(
      'Input runId takes a run of any pipeline of this project: give input pipelineId the id of the CI pipeline ' +
        '(definitionId in its address).',
    );
  }
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
  return { projectId, runId: runIdOf(inputs.runId), folder: undefined };
}

/** People see a run's number, such as 20260105.1, everywhere, and its id in addresses only. */
function runIdOf(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new TaskError(
    `Input runId is '${text}', which is no id of a run; a run's number (Build.BuildNumber) is not its id: give the whole ` +
      'number behind buildId= in its address (Build.BuildId), such as 703.',
  );
}

/** Whether the run is one of the pipeline that input pipelineId names. @throws TaskError when it is not. */
export function checkPipeline(record: RunRecord, pipelineId: string | undefined): void {
  if (pipelineId === undefined || wholeNumber(pipelineId, 'Input pipelineId') === record.pipelineId) return;
  throw new TaskError(
    `Run ${record.id} is one of pipeline ${record.pipelineId}, but input pipelineId is ${pipelineId}: ` +
      'give the id of a run of the CI pipeline.',
  );
}

/** What is read beyond the size that a handoff says, in bytes: the digest then tells that somebody changed the file. */
const mostAdded = 64 * 1024;

/** An artifact with a handoff. */
export interface FoundHandoff {
  readonly read: ReadHandoff;
  /** Those of the files that are in the artifact; nothing but their sizes is checked. */
  readonly files: (listed: readonly HandoffFile[]) => Promise<HandedBytes>;
}

/**
 * The run's variables.json: of the downloaded artifact, else of the artifact that the run published. The file of two
 * fields does not say which run wrote it, so a downloaded one, which may be left over, is not trusted.
 * @throws TaskError when there is no such artifact, no such file, a larger one than any handoff, or one that is none.
 */
export async function handoffOf(
  source: Source,
  artifact: string,
  runs: PipelineRuns,
  context: SourceContext,
): Promise<FoundHandoff> {
  const downloaded = await downloadedHandoff(source, context);
  if (downloaded?.read.form === 'version 1') return downloaded;
  context.log.info(`Fetching artifact ${artifact} of run ${source.runId} through the REST API.`);
  const filesOf = await runs.artifact(source.runId, artifact);
  const bytes = filesOf(new Map([[handoffFileName, largestFile]])).get(handoffFileName);
  if (bytes === undefined) {
    throw new TaskError(
      `The artifact '${artifact}' has no ${handoffFileName}: was it published by HandoffPublish, under this name?`,
    );
  }
  return {
    read: readHandoff(bytes),
    files: async (listed) => {
      const found = filesOf(new Map(listed.map((file) => [`${filesFolder}/${file.path}`, file.size + mostAdded])));
      return new Map([...found].map(([name, content]) => [name.slice(filesFolder.length + 1), content]));
    },
  };
}

async function downloadedHandoff({ folder }: Source, context: SourceContext): Promise<FoundHandoff | undefined> {
  if (folder === undefined || (await lstat(folder).catch(() => undefined)) === undefined) return undefined;
  const file = path.join(folder, handoffFileName);
  const content = await jobFile(file, largestFile, context);
  if (content === undefined) {
    throw new TaskError(
      `The downloaded artifact has no file ${file}: was it published by HandoffPublish, and does the download step fetch it?`,
    );
  }
  context.log.info(`Read ${file}.`);
  return {
    read: readHandoff(content),
    files: async (listed) => {
      const found = new Map<string, Buffer>();
      for (const { path: name, size } of listed) {
        const bytes = await jobFile(path.join(folder, filesFolder, ...name.split('/')), size + mostAdded, context);
        if (bytes !== undefined) found.set(name, bytes);
      }
      return found;
    },
  };
}

async function jobFile(file: string, largest: number, context: SourceContext): Promise<Buffer | undefined> {
  await checkJobFile(file, context);
  return readRegularFile(file, largest);
}
