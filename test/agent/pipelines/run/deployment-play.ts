import type { TaskResult } from '../../step-result.ts';
import type { Part } from './agent-part.ts';
import type { DeploymentDocument, HookDocument } from './document.ts';
import { stepsOfDeploy } from './implied-steps.ts';
import { playPart } from './part-play.ts';
import { variablesOfHook, variablesOfJob } from './predefined.ts';
import type { PartRecord } from './record.ts';
import type { RunContext } from './run-context.ts';
import { combined, isGood } from './statuses.ts';

/**
 * Plays the hooks of strategy runOnce one after the other, each as a job of its own on an agent of its own: variables and
 * folders of one are not there in the next (azure-devops-docs#7294). After a failure only `on.failure` runs.
 */
export async function playHooks(
  job: DeploymentDocument,
  environment: string,
  part: Omit<Part, 'steps' | 'environment'>,
  context: RunContext,
): Promise<PartRecord[]> {
  const parts: PartRecord[] = [];
  for (const hook of job.hooks) {
    if (!isDue(hook, combined(parts.map(({ result }) => result)))) continue;
    const played = await playPart(
      {
        ...part,
        environment,
        place: { ...part.place, part: hook.name },
        steps: stepsOf(hook, context),
        variables: part.variables.withPredefined({
          ...variablesOfJob(part.place.stage, job, ''),
          ...variablesOfHook(environment, hook.name),
        }),
      },
      context,
    );
    parts.push(played);
  }
  return parts;
}

function isDue({ name }: HookDocument, soFar: TaskResult): boolean {
  return name === 'on.failure' ? soFar === 'Failed' : isGood(soFar);
}

/** A deployment job checks nothing out by itself. */
function stepsOf({ name, steps }: HookDocument, { service, run, pipeline }: RunContext): HookDocument['steps'] {
  if (name !== 'deploy') return steps;
  return stepsOfDeploy(steps, pipeline.pipelines, service.artifacts(run.id).length > 0);
}
