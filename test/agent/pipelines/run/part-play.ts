import { startJob, type Job } from '../../job.ts';
import type { JobOptions } from '../../job-setup.ts';
import { AgentPart, type Part } from './agent-part.ts';
import type { PartRecord } from './record.ts';
import type { RunContext } from './run-context.ts';
import type { RunVariables } from './run-variables.ts';

/** Runs the steps of a part on an agent of its own, whose folders are gone afterwards. */
export async function playPart(part: Part, context: RunContext): Promise<PartRecord> {
  const nothing = { name: part.place.part, secretOutputs: [], attachments: [], tags: [], steps: [] };
  if (part.cancel.aborted) return { ...nothing, result: 'Canceled' };
  const { stage, job: name } = part.place;
  const given = await context.service.jobOptions(context.run, stage, name, part.environment);
  const variables = part.variables.withPredefined({ 'Build.BuildNumber': context.numbering.current });
  const job = await startJob(withVariables(given, variables));
  try {
    protect(job, variables);
    return await new AgentPart(part, context, job).play();
  } finally {
    await job.dispose();
  }
}

function withVariables(options: JobOptions, variables: RunVariables): JobOptions {
  const named = (secret: boolean): Record<string, string> => {
    const chosen = [...variables].filter((variable) => variable.secret === secret);
    return Object.fromEntries(chosen.map(({ name, value }) => [name, value]));
  };
  return {
    ...options,
    variables: { ...named(false), ...options.variables },
    secretVariables: { ...named(true), ...options.secretVariables },
  };
}

/** The agent knows by itself only the read-only variables of the system. */
function protect(job: Job, variables: RunVariables): void {
  for (const { name, readOnly } of variables) {
    const known = job.variables.find(name);
    if (readOnly && known !== undefined) job.variables.set(known.name, known.value, { ...known, readOnly });
  }
}
