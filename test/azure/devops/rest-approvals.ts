import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Approval } from './approvals.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';
import { sentList, textIn, wrongMethod } from './rest-body.ts';
import { identityRef } from './stamp.ts';

/** Approvals by their ids, and answers to them by whoever asks. */
export async function answerApprovals(exchange: Exchange, organization: Organization, caller: Person): Promise<void> {
  const { approvals } = organization;
  if (exchange.method === 'GET') {
    const ids = (exchange.query.get('approvalIds') ?? '').split(',').filter((id) => id !== '');
    const found = approvals.all.filter(({ id }) => ids.length === 0 || ids.includes(id));
    return exchange.json(200, collection(found.map((approval) => shown(approval, exchange.query.get('$expand')))));
  }
  if (exchange.method !== 'PATCH') return wrongMethod(exchange);
  const answers = await sentList(exchange);
  try {
    for (const answer of answers) {
      const [id = '', status, comment] = ['approvalId', 'status', 'comment'].map((field) => textIn(answer, field));
      if (status !== 'approved' && status !== 'rejected') throw new Error(`The status ${status} is not played.`);
      approvals.answer(id, caller, status, comment);
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return exchange.json(403, trouble(text, 'ApprovalUnauthorizedException'));
  }
  const ids = answers.map((answer) => textIn(answer, 'approvalId'));
  const changed = approvals.all.filter(({ id }) => ids.includes(id));
  await exchange.json(200, collection(changed.map((approval) => shown(approval, 'steps'))));
}

/** Stages of a run, their checkpoints, and the approvals below these. */
export function timeline(runId: string, approvals: readonly Approval[]): Record<string, unknown> {
  const records = approvals
    .filter(({ asked }) => asked.runId === Number(runId))
    .flatMap(({ id, asked: { stage } }) => {
      const [ofStage, checkpoint] = [`stage-${stage}`, `checkpoint-${stage}`];
      return [
        { id: ofStage, parentId: null, type: 'Stage', name: stage, identifier: stage },
        { id: checkpoint, parentId: ofStage, type: 'Checkpoint', name: 'Checkpoint', identifier: 'Checkpoint' },
        { id, parentId: checkpoint, type: 'Checkpoint.Approval', name: 'Checkpoint.Approval', identifier: id },
      ];
    });
  return { id: `timeline-${runId}`, changeId: 1, records };
}

function shown({ id, status, steps, check }: Approval, expand: string | null): Record<string, unknown> {
  const executionOrder = check.inSequence === true ? 'inSequence' : 'anyOrder';
  const own = { id, status, executionOrder, minRequiredApprovers: check.minimum ?? 0 };
  if (expand !== 'steps') return own;
  return {
    ...own,
    steps: steps.map((step) => ({
      assignedApprover: identityRef(step.assigned),
      ...(step.actual !== undefined && { actualApprover: identityRef(step.actual) }),
      status: step.status,
      comment: step.comment,
      order: step.order,
    })),
  };
}
