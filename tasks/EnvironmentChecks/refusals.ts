import { DevOpsRefusal } from '../common/devops/rest.ts';
import { TaskError } from '../common/task/outcome.ts';
import { visible } from '../common/text/shown.ts';

/** What Azure DevOps was asked for. */
export interface Asked {
  /** Completes "Azure DevOps did not ...". */
  readonly doing: string;
  /** The environment, and the role on it that this takes if not Administrator. */
  readonly environment?: string;
  readonly role?: 'Reader' | 'Administrator';
  /** For a new environment: the role stands above all of them. */
  readonly creates?: boolean;
  /** Whether it may have been done though no answer came. */
  readonly writes?: boolean;
}

/** What Azure DevOps refused, in words. */
export class Refusal extends TaskError {
  constructor(
    message: string,
    /** Undefined when no answer came. */
    readonly status: number | undefined,
  ) {
    super(message);
  }
}

/** Turns a refusal of what was asked into words, and throws it; what is none of Azure DevOps' refusals it throws as it is. */
export type Explain = (asked: Asked) => (error: unknown) => never;

/**
 * Says why Azure DevOps refused, and whose role to change how.
 * @param caller the identity that asks, such as `the build service identity of the project`
 */
export function explainRefusals(caller: string): Explain {
  return (asked) => (error) => {
    throw error instanceof DevOpsRefusal ? refusal(error, asked, caller) : error;
  };
}

function refusal(error: DevOpsRefusal, asked: Asked, caller: string): Refusal {
  const answer = `Azure DevOps did not ${asked.doing} (${visible(error.message, 400)})`;
  return new Refusal(`${answer}. ${adviceFor(error, asked, caller)}`, error.status);
}

function adviceFor(error: DevOpsRefusal, asked: Asked, caller: string): string {
  const { status, said } = error;
  // A principal whom nobody has added is told so with one of these (facts of Microsoft's documentation on service principals).
  if (/TF401444|does not have access to Azure DevOps|VS860016|TF400813/i.test(said)) {
    return `Add ${caller} to the organisation: Organization settings, Users, Add users, access level Basic.`;
  }
  if (/VS800075|TF200016/i.test(said)) {
    return `Check input project, and add ${caller} to the project: Project settings, Permissions, Readers.`;
  }
  if (status === 401 || status === 203 || status === 302) {
    return `The token of ${caller} was not taken: check that it is a member of this organisation (Organization settings, Users).`;
  }
  if (status !== undefined && status < 300) {
    return 'What answered is not the API of Azure DevOps: check the proxy of this agent, and run the step again.';
  }
  if (error.isOfOldServer) {
    return 'This Azure DevOps Server is too old: only with version 7.2 of its API a check tells whether it is switched off.';
  }
  if (status === 403) return roleAdvice(asked, caller);
  if (status === 409 && asked.creates === true) {
    return `It is there, but cannot be seen. ${roleAdvice({ ...asked, creates: false }, caller)}`;
  }
  if (status === 404) {
    return `Check input project, and that ${caller} may see it; an environment may have been deleted meanwhile.`;
  }
  if (status === 429) return 'It was asked five times; run the step again later, or start fewer pipelines at once.';
  if (status === undefined && asked.writes !== true) {
    return 'Check that this agent reaches Azure DevOps (its proxy, a firewall), and run the step again.';
  }
  if (status === undefined) return 'Whether it was done is not known: run the step again, it goes on from there.';
  if (status >= 500) return 'Run the step again later; it goes on from there.';
  if (asked.writes !== true)
    return 'These words are all there is to go by: run the step again, and see whether they stay.';
  return 'Nothing was taken away for it. Compare what the file wants with what the page of the environment allows.';
}

function roleAdvice({ environment, role = 'Administrator', creates = false }: Asked, caller: string): string {
  if (creates) {
    return `Give ${caller} the role Creator for all environments: Pipelines, Environments, Security (under the three dots of the list).`;
  }
  if (environment === undefined)
    return `Give ${caller} the role Reader on the environments: Pipelines, Environments, Security.`;
  return `Give ${caller} the role ${role} on the environment ${environment}: Pipelines, Environments, ${environment}, Security (under the three dots).`;
}
