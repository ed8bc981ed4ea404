/** An agent for tests and the demo: runs built tasks by the rules of the real Azure Pipelines agent. */
export { startJob, Job } from './job.ts';
export type { JobResult, ScriptOptions, StepOptions, TaskOptions } from './step-options.ts';
export type { AgentProxy, JobOptions } from './job-setup.ts';
export type { Condition } from './condition.ts';
export type { LoggingCommand } from './logging-command.ts';
export { descendantsOf, programOf } from './processes.ts';
export { PipelineError } from './pipeline-error.ts';
export type { Artifact, Attachment } from './run-record.ts';
export type { SecretLeak } from './secret-audit.ts';
export type { ServiceConnection } from './service-connections.ts';
export type { CancelTimes } from './canceller.ts';
export type { Issue, StepResult, TaskResult } from './step-result.ts';
export type { WorkTree } from './work-tree.ts';
