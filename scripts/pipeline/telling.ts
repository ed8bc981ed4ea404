import type { JobRecord, PipelineRecord, RunEvent, StageRecord } from '../../test/agent/pipelines/run/index.ts';

/** What the service calls the stage of a file that has none; nobody wrote that name. */
const onlyStage = '__default';

/** What the terminal shows of an event; undefined: nothing. Lines of jobs that run side by side carry the job's name. */
export function told(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'checks started':
      return `Stage ${event.stage} waits for the checks of ${event.environments.join(', ')}.`;
    case 'stage started':
      if (event.stage === onlyStage) return undefined;
      return `Stage ${event.stage}${event.approvers.length > 0 ? `, approved by ${event.approvers.join(', ')}` : ''}`;
    case 'step started':
      return `${placeOf(event)} > ${event.step}`;
    case 'line':
      return `${placeOf(event)} | ${event.text}`;
    case 'step ended':
      return event.step.result === 'Succeeded' ? undefined : `${placeOf(event)} < ${event.step.result}`;
    case 'job ended':
      return event.job.message === undefined
        ? undefined
        : `${placeOf({ stage: event.stage, job: event.job.name, part: '' })}: ${event.job.message}`;
    case 'run started':
    case 'job started':
    case 'stage ended':
    case 'run ended':
    default:
      return undefined;
  }
}

/** The end of the story: what became of each stage (of each job in a file without stages), and where it is known, why. */
export function summary({ stages, result, run, artifacts }: PipelineRecord): string {
  const rows: readonly Pick<StageRecord, 'name' | 'result' | 'message'>[] = stages.flatMap<StageRecord | JobRecord>(
    (stage) => (stage.name === onlyStage ? stage.jobs : [stage]),
  );
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, result: end, message }) => {
    return `  ${name.padEnd(width)}  ${end}${message === undefined ? '' : `: ${message}`}`;
  });
  const kept = artifacts.map(
    ({ name, files }) => `  artifact ${name}: ${files.size} file${files.size === 1 ? '' : 's'}`,
  );
  return [`Run ${run.number}: ${result}`, ...lines, ...kept].join('\n');
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
  return [stage, job, part].filter((name) => name !== '' && name !== onlyStage).join('.');
}
