// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** `check` only reads, and tells what differs from the file. `apply` makes the environments what the file says, by one write after the other; a second run changes nothing. */
  readonly mode: 'check' | 'apply';
  /** YAML file with the environments, from the sources' folder; its form is [docs/environments.md](https://github.com/contoso/helm-delivery-for-aks/blob/main/docs/environments.md). */
  readonly file: string;
  /** How the step ends when something differs from the file: in mode `check` whatever differs, in mode `apply` what it may not change. `fail` fails, `warn` succeeds with issues. */
  readonly onDrift: 'fail' | 'warn';
  /** Mode `apply` takes away what the file says there must be none of (`[]` or `false`, and what stands beside what it names), if the identity of this step made it. What somebody else made stays, and is told. Environments are never deleted. */
  readonly prune: boolean;
  /** Service connection of type Azure DevOps with workload identity federation. Its principal must be a user of the organisation (Basic), and Administrator of the environments; for new ones Creator. Empty, and without an Azure subscription: the job's own identity. */
  readonly azureDevOpsConnection: string | undefined;
  /** Azure Resource Manager service connection whose identity may manage the environments, instead of an Azure DevOps connection: a principal that is a user of the organisation (Basic). Workload identity federation, service principal (secret or certificate) and managed identity work alike. */
  readonly azureSubscription: string | undefined;
  /** Name or id of the project whose environments these are. Empty: the project of this pipeline. */
  readonly project: string | undefined;
}

export type Output = 'checksChanged' | 'driftFound' | 'environmentId';

export function readInputs(input: InputReader): Inputs {
  return {
    mode: input.choice('mode', ['check', 'apply'], 'check'),
    file: input.requiredText('file'),
    onDrift: input.choice('onDrift', ['fail', 'warn'], 'fail'),
    prune: input.flag('prune', false),
    azureDevOpsConnection: input.text('azureDevOpsConnection'),
    azureSubscription: input.text('azureSubscription'),
    project: input.text('project'),
  };
}
