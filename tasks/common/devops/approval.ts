import { isMapping } from '../go/mapping.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { DevOpsRefusal, devOpsRest, listOf, type Values, valuesOf } from './rest.ts';
import { type DevOpsContext, thisRun, wholeNumber } from './this-run.ts';

/** Somebody who approved. */
export interface Approver {
  /** Of the identity in Azure DevOps. */
  readonly id: string;
  readonly name: string;
}

/** The type of every approval check, be it before the other checks or after them. */
const approvalType = '8c6f20a7-a545-4486-9777-f762fafe0d4d';

/**
 * Makes sure that the job's environment has an approval check, and tells who approved this stage of the run. To find out who
 * is an extra that the service may refuse; whether there is a check is none.
 * @throws TaskError when it has none that is switched on, and when that cannot be found out.
 */
export async function requiredApproval(context: DevOpsContext & LogContext): Promise<readonly Approver[]> {
  const environment = environmentOf(context);
  const ask = asker(context);
  if (!(await hasApproval(environment, ask))) {
    throw new TaskError(
      `Input requireApproval is set, but the environment ${environment.name} has no approval check that is switched on: nothing ` +
        'was deployed. Add one under Pipelines, Environments, the environment, Approvals and checks.',
    );
  }
  return approvers(ask, context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    context.log.info(`Who approved is not known: ${visible(messageOf(error), 300)}`);
    return [];
  });
}

interface LogContext {
  readonly log: { info(text: string): void };
}

interface Environment {
  readonly id: number;
  readonly name: string;
}

function environmentOf(context: DevOpsContext): Environment {
  const [id, name] = [context.variable('Environment.Id'), context.variable('Environment.Name')];
  if (id === undefined || name === undefined) {
    throw new TaskError(
      'Input requireApproval is set, but this job deploys to no environment: make it a deployment job (deployment:, with ' +
        'environment:), whose checks stand before its stage.',
    );
  }
  return { id: wholeNumber(id, 'Environment.Id'), name: visible(name, 128) };
}

async function hasApproval({ id, name }: Environment, ask: Ask): Promise<boolean> {
  // Earlier versions of this API do not tell that a check is switched off.
  const query = `resourceType=environment&resourceId=${id}&$expand=settings&api-version=7.2-preview.1`;
  const asked = ask(`pipelines/checks/configurations?${query}`).then(valuesOf);
  const checks = await asked.catch((error: unknown) => {
    throw new TaskError(
      `Input requireApproval is set, but whether the environment ${name} has an approval check cannot be found out, so nothing was ` +
        `deployed (${visible(messageOf(error), 300)}).${adviceFor(error)}`,
    );
  });
  return checks.some((check) => {
    const type = isMapping(check['type']) ? check['type']['id'] : undefined;
    return typeof type === 'string' && type.toLowerCase() === approvalType && check['isDisabled'] !== true;
  });
}

/** What to do about it; what is no refusal of Azure DevOps says so itself. */
function adviceFor(error: unknown): string {
  if (!(error instanceof DevOpsRefusal)) return '';
  if (error.isOfOldServer) return ' This Azure DevOps Server is too old for requireApproval.';
  if (error.status === undefined) {
    return ' Check that this agent reaches Azure DevOps (its proxy, a firewall), and run the step again.';
  }
  // To whom has no role it does not tell whether an environment is there.
  const isRole = [203, 302, 401, 403, 404].includes(error.status);
  return isRole ? ` ${readerAdvice}` : ' Run the step again later.';
}

const readerAdvice =
  'Give the build service identity of this project the role Reader on it, under Pipelines, Environments, the environment, Security.';

/** The approvals of a run are records of its timeline, below the checkpoint of their stage. */
async function approvers(ask: Ask, context: DevOpsContext): Promise<Approver[]> {
  const { runId } = thisRun(context);
  const timeline = await ask(`build/builds/${runId}/timeline?api-version=7.1`);
  const ids = approvalsOf(recordsOf(timeline), context.variable('System.StageName') ?? '');
  if (ids.length === 0) return [];
  const query = `approvalIds=${ids.join(',')}&$expand=steps&api-version=7.1-preview.1`;
  const found = valuesOf(await ask(`pipelines/approvals?${query}`)).flatMap(({ steps }) => listOf(steps));
  return found.flatMap(({ status, actualApprover }) => {
    if (status !== 'approved' || !isMapping(actualApprover)) return [];
    const { id, displayName } = actualApprover;
    return typeof id === 'string' ? [{ id, name: typeof displayName === 'string' ? displayName : id }] : [];
  });
}

function approvalsOf(records: readonly Values[], stage: string): string[] {
  const byId = new Map(records.map((record) => [record['id'], record]));
  const isOfStage = (record: Values | undefined): boolean => {
    // A timeline has four levels; one that leads in a circle is none.
    for (let at = record, level = 0; at !== undefined && level < 8; at = byId.get(at['parentId']), level += 1) {
      if (at['type'] === 'Stage') return [at['identifier'], at['name']].includes(stage);
    }
    return false;
  };
  const approvals = records.filter((record) => record['type'] === 'Checkpoint.Approval' && isOfStage(record));
  return approvals.flatMap(({ id }) => (typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id) ? [id] : []));
}

type Ask = (address: string) => Promise<unknown>;

/** Asks the project's REST API as the job. */
function asker(context: DevOpsContext): Ask {
  const ask = devOpsRest(context, () => context.job.accessToken());
  const project = `${encodeURIComponent(thisRun(context).projectId)}/_apis/`;
  return async (address) => (await ask({ method: 'GET', address: project + address })).value;
}

const recordsOf = (answer: unknown): readonly Values[] => listOf(isMapping(answer) ? answer['records'] : undefined);
