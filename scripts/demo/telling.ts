import type { RunEvent } from '../../test/agent/pipelines/run/index.ts';
import type { StepResult } from '../../test/agent/index.ts';
import { chapter, detail, event } from './timeline.ts';

/** Steps of the agent's own that a newcomer need not see. */
const quiet = /^(?:Checkout|Download none|Post-job: )/;

/** Tells a run: its stages, and of each step how long it took, how it ended, and what it said last. */
export function told(what: RunEvent): void {
  switch (what.kind) {
    case 'stage started':
      chapter(`Stage ${what.stage}${what.approvers.length > 0 ? `, approved by ${what.approvers.join(', ')}` : ''}`);
      break;
    case 'checks started':
      detail('checks', `stage ${what.stage} waits for those of ${what.environments.join(', ')}`);
      break;
    case 'line':
      if (progress.test(what.text)) detail('said meanwhile', what.text);
      break;
    case 'step ended':
      if (!quiet.test(what.step.displayName)) tellStep(what.step);
      break;
    case 'stage ended':
      if (what.stage.message !== undefined) detail(what.stage.result, `${what.stage.name}: ${what.stage.message}`);
      break;
    case 'job ended':
      if (what.job.message !== undefined) detail(what.job.result, `${what.job.name}: ${what.job.message}`);
      break;
    case 'run started':
    case 'job started':
    case 'step started':
    case 'run ended':
    default:
  }
}

/** What the doctor says of a workload while helm waits. */
const progress = /^(?:Deployment|StatefulSet|DaemonSet|Job) \S+ /;

function tellStep(step: StepResult): void {
  if (step.result === 'Skipped') return;
  event(step.displayName, step.durationMs, step.result);
  for (const { type, message } of step.issues) detail(type === 'error' ? 'because' : 'warning', message);
  const last = step.log.findLast((line) => line.trim() !== '' && !line.startsWith('==='));
  if (step.result === 'Succeeded' && last !== undefined) detail('', last);
}
