import type { Job } from '../../../agent/index.ts';
import type { StepResult } from '../../../agent/index.ts';
import type { StepDocument } from '../../../agent/pipelines/run/document.ts';
import { builtInTasks } from '../../../agent/pipelines/run/implied-steps.ts';
import type { StepContext, StepRunner } from '../../../agent/pipelines/run/steps.ts';

/** Runs scripts by bash, and every built-in step as a script that tells its inputs: what a test of the runner needs. */
export class ScriptSteps implements StepRunner {
  unplayed({ task, version }: StepDocument): string | undefined {
    const known = ['CmdLine', 'Bash', 'DownloadPipelineArtifact', ...Object.values<string>(builtInTasks)];
    return known.includes(task) ? undefined : `the task ${task}@${version}`;
  }

  run(job: Job, step: StepDocument, context: StepContext): Promise<StepResult> {
    const { inputs, name, displayName, env } = step;
    return job.runScript({
      ...(name !== undefined && { name }),
      ...(displayName !== undefined && { displayName }),
      env,
      script: inputs['script'] ?? `echo ${JSON.stringify(inputs).replaceAll('"', '')}`,
      condition: () => step.enabled && context.holds(step.condition),
      continueOnError: step.continueOnError,
      killJob: context.giveUp,
      cancelJob: context.cancel,
      onLog: context.onLine,
    });
  }
}
