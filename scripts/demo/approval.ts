import { createInterface } from 'node:readline';
import type { Approval, Organization } from '../../test/azure/devops/index.ts';
import type { DemoOptions } from './options.ts';
import { approver } from './rehearsal.ts';
import { chapter, detail } from './timeline.ts';

/** Answers production's approval as the options say. */
export function answerApprovals({ approvals }: Organization, how: () => DemoOptions['approval']): void {
  approvals.whenAsked((approval) => {
    const { environment, pipeline, runNumber } = approval.asked;
    chapter(`${environment} waits for ${approver.displayName}: approve run ${runNumber} of ${pipeline}?`);
    void answer(approval, how());
  });
}

async function answer(approval: Approval, how: DemoOptions['approval']): Promise<void> {
  const isApproved = how === 'ask' ? await ask() : how === 'approve';
  detail('answer', isApproved ? 'approved' : 'rejected');
  approval.answer(approver, isApproved ? 'approved' : 'rejected', isApproved ? '' : 'not today');
}

/** Whoever started the demo answers on the terminal; without one the answer is no. */
async function ask(): Promise<boolean> {
  if (process.env['DEMO_HAS_TERMINAL'] !== 'true') {
    detail('nobody to ask', 'there is no terminal, and neither --approve nor --reject: the answer is no');
    return false;
  }
  console.log('           Type yes to approve, anything else to reject:');
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return /^y(es)?$/i.test(line.trim());
  }
  return false;
}
