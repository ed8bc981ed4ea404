import type { Exchange } from '../network/exchange.ts';
import { collection } from '../hosts/dev-azure-locations.ts';
import { trouble } from '../hosts/dev-azure-trouble.ts';
import type { Approval } from './approvals.ts';
import type { PlayedEnvironment } from './environments.ts';
import type { Organization } from './organization.ts';
import type { Person } from './people.ts';

const approvalType = { id: '8c6f20a7-a545-4486-9777-f762fafe0d4d', name: 'Approval' };
const mainApproval = { id: '26014962-64a0-49f4-885b-4b874119a5cc', name: 'Approval' };
const lockType = { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563', name: 'ExclusiveLock' };

/** Plays what the REST API tells of checks and approvals. @returns false when the request is for another service. */
export async function answerChecks(exchange: Exchange, organization: Organization): Promise<boolean> {
  if (exchange.method !== 'GET') return false;
  const [, what = ''] = /^\/[^/]+\/[^/]+\/_apis\/(.+)$/i.exec(exchange.path) ?? [];
  const [, runId] = /^build\/builds\/(\d+)\/timeline$/i.exec(what) ?? [];
  if (runId !== undefined) {
    await exchange.json(200, timeline(Number(runId), organization.approvals.all));
  } else if (/^pipelines\/checks\/configurations$/i.test(what)) {
    await answerConfigurations(exchange, organization);
  } else if (/^pipelines\/approvals$/i.test(what)) {
    const ids = (exchange.query.get('approvalIds') ?? '').split(',');
    const found = organization.approvals.all.filter(({ id }) => ids.includes(id));
    await exchange.json(200, collection(found.map((approval) => shown(approval, exchange.query.get('$expand')))));
  } else return false;
  return true;
}

async function answerConfigurations(exchange: Exchange, { environments }: Organization): Promise<void> {
  const id = Number(exchange.query.get('resourceId'));
  const environment = environments.all.find((each) => each.id === id);
  if (environment?.isVisible !== true) {
    const text = 'The user does not have required permissions to view assignment on the resource.';
    return exchange.json(403, trouble(text, 'AccessDeniedException'));
  }
  const checks = configurations(environment, exchange.query.get('$expand') === 'settings');
  return exchange.json(200, collection(checks));
}

/** Only what is asked for brings its settings along. */
function configurations({ id, name, checks }: PlayedEnvironment, withSettings: boolean): Record<string, unknown>[] {
  const resource = { type: 'environment', id: String(id), name };
  const { approval, approvalDisabled = false, exclusiveLock = false } = checks;
  const found: Record<string, unknown>[] = [];
  if (approval !== undefined) {
    const settings = {
      approvers: approval.approvers.map((person) => ({ displayName: null, id: person.id })),
      blockedApprovers: [],
      definitionRef: mainApproval,
      executionOrder: approval.inSequence === true ? 'inSequence' : 'anyOrder',
      instructions: approval.instructions ?? '',
      minRequiredApprovers: approval.minimum ?? 0,
      requesterCannotBeApprover: approval.requesterCannotApprove ?? false,
    };
    const timeout = approval.timeout ?? 43_200;
    const own = { id: id * 10 + 1, version: 1, type: approvalType, timeout, isDisabled: approvalDisabled, resource };
    found.push(withSettings ? { ...own, settings } : own);
  }
  if (exclusiveLock) {
    found.push({ id: id * 10 + 2, version: 1, type: lockType, timeout: 43_200, isDisabled: false, resource });
  }
  return found;
}

/** Stages, their checkpoints, and the approvals below these. */
function timeline(runId: number, approvals: readonly Approval[]): Record<string, unknown> {
  const records = approvals
    .filter(({ asked }) => asked.runId === runId)
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
      assignedApprover: identity(step.assigned),
      ...(step.status === 'approved' || step.status === 'rejected' ? { actualApprover: identity(step.assigned) } : {}),
      status: step.status,
      comment: step.comment,
      order: step.order,
    })),
  };
}

function identity({ id, displayName, mail }: Person): Record<string, unknown> {
  return { id, displayName, uniqueName: mail };
}
