/** What the server would refuse before a job starts: the pipeline is wrong, not the task. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
}
