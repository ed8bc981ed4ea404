import type { PipelineResource, StepDocument } from './document.ts';

/** Tasks that every agent has: the preview names them by their ids. */
export const builtInTasks = {
  checkout: '6d15af64-176c-496d-b583-fd2ae21d4df4',
  download: '30f35852-3f7e-4c0c-9a88-e127b4f97211',
  publish: 'ecdc45f6-832d-4ad9-b52b-ee49e94659be',
} as const;

/** The steps of a job: without a `checkout` of its own it begins with one of the pipeline's repository. */
export function stepsOfJob(steps: readonly StepDocument[]): readonly StepDocument[] {
  const checksOut = steps.some(({ task }) => task === builtInTasks.checkout);
  return checksOut ? steps : [builtIn('checkout', { repository: 'self' }), ...steps];
}

/**
 * The steps of the hook `deploy`, which begins with a download of everything: the run's own artifacts, if there are any, and
 * those of every pipeline resource. A download of its own, `none` too, replaces that.
 */
export function stepsOfDeploy(
  steps: readonly StepDocument[],
  resources: readonly PipelineResource[],
  hasArtifacts: boolean,
): readonly StepDocument[] {
  if (steps.some(downloads)) return steps;
  const aliases = [...(hasArtifacts ? ['current'] : []), ...resources.map(({ alias }) => alias)];
  return [...aliases.map((alias) => builtIn('download', { alias })), ...steps];
}

function downloads({ task }: StepDocument): boolean {
  return task === builtInTasks.download || task.toLowerCase() === 'downloadpipelineartifact';
}

/** How many repositories a job checks out. */
export function checkouts(steps: readonly StepDocument[]): number {
  return steps.filter(({ task, inputs }) => task === builtInTasks.checkout && inputs['repository'] !== 'none').length;
}

/** What the run's page calls a step that has no name for people. */
export function titleOf({ task, displayName, inputs }: StepDocument): string {
  if (displayName !== undefined && displayName !== '') return displayName;
  if (task === builtInTasks.checkout) return `Checkout ${inputs['repository'] ?? 'self'}`;
  if (task === builtInTasks.download) return `Download ${inputs['alias'] ?? 'current'}`;
  if (task === builtInTasks.publish) return 'PublishPipelineArtifact';
  return task.slice(task.lastIndexOf('.') + 1);
}

function builtIn(task: keyof typeof builtInTasks, inputs: Readonly<Record<string, string>>): StepDocument {
  const plain = { continueOnError: false, enabled: true, timeoutInMinutes: 0, retryCountOnTaskFailure: 0 };
  return { task: builtInTasks[task], version: '1', inputs, env: {}, ...plain };
}
