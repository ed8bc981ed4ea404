import type { PipelineRecord, RunEvent } from '../../test/agent/pipelines/run/record.ts';

/** What the terminal shows of an event; undefined: nothing. Lines of jobs that run side by side carry the job's name. */
export function told(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'checks started':
      return `Stage ${event.stage} waits for the checks of ${event.environments.join(', ')}.`;
    case 'stage started':
      return `Stage ${event.stage}${event.approvers.length > 0 ? `, approved by ${event.approvers.join(', ')}` : ''}`;
    case 'step started':
      return `${placeOf(event)} > ${event.step}`;
    case 'line':
      return `${placeOf(event)} | ${event.text}`;
    case 'step ended':
      return event.step.result === 'Succeeded' ? undefined : `${placeOf(event)} < ${event.step.result}`;
    case 'job ended':
      return event.job.message === undefined ? undefined : `${event.stage}.${event.job.name}: ${event.job.message}`;
    case 'run started':
    case 'job started':
    case 'stage ended':
    case 'run ended':
    default:
      return undefined;
  }
}

/** The end of the story: what became of each stage, and where it is known, why. */
export function summary({ stages, result, run, artifacts }: PipelineRecord): string {
  const width = Math.max(...stages.map(({ name }) => name.length));
  const lines = stages.map(({ name, result: end, message }) => {
    return `  ${name.padEnd(width)}  ${end}${message === undefined ? '' : `: ${message}`}`;
  });
  const kept = artifacts.map(
    ({ name, files }) => `  artifact ${name}: ${files.size} file${files.size === 1 ? '' : 's'}`,
  );
  return [`Run ${run.number}: ${result}`, ...lines, ...kept, ''].join('\n');
}

function placeOf({
  stage,
  job,
  part,
}: {
  readonly stage: string;
  readonly job: string;
  readonly part: string;
}): string {
  return [stage, job, part].filter((name) => name !== '').join('.');
}
