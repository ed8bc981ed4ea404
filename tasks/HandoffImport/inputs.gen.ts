// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Alias of the CI pipeline under `resources.pipelines`. Empty: the one that triggered this run, else the only one. */
  readonly pipeline: string | undefined;
  /** Id of a CI run in this project (`buildId` in its address), instead of a pipeline resource. Give `pipelineId` with it. */
  readonly runId: string | undefined;
  /** Id of the CI pipeline (`definitionId` in its address), whose run it must be. Without it `runId` takes a run of any pipeline of the project, with a warning. */
  readonly pipelineId: string | undefined;
  /** Artifact that holds variables.json. It is read from `$(Pipeline.Workspace)/<alias>/<artifact>` if it was downloaded, else fetched through the REST API; the file of two fields is always fetched. */
  readonly artifactName: string;
  /** Branches whose CI runs may be deployed, one a line; `*` stands for any characters, as in `refs/heads/release/*`. */
  readonly allowedBranches: string;
  /** Secret variable, such as `$(handoffSealKey)`, of at least 16 characters, the same for HandoffPublish and HandoffImport. With a key, a file without the right seal is refused. */
  readonly sealKey: string | undefined;
  /** Fail when `sealKey` is empty, as a secret variable is that did not reach this job, instead of not checking the seal. */
  readonly requireSeal: boolean;
  /** Refuse the file of two fields, chartVersion and imgVersion, which older scripts write, and a sealed file without a `sealKey`. Without it both are taken with a warning. */
  readonly strict: boolean;
  /** Azure Resource Manager service connection whose identity may pull from the registry (AcrPull, or Container Registry Repository Reader). Workload identity federation, service principal (secret or certificate) and managed identity work alike. With a connection, every tag in the file must still point to its digest. */
  readonly azureSubscription: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. */
  readonly containerRegistry: string | undefined;
  /** The registry's login server as its page in the portal shows it, such as `contoso.azurecr.io`: the only one that is asked, whatever the file says. Empty: the one of the Docker registry connection. */
  readonly registry: string | undefined;
}

export type Output = 'chartName' | 'chartVersion' | 'chartRef' | 'chartDigest' | 'chartDigestRef' | 'appVersion' | 'imgVersion' | 'filesPath' | `image_${string}` | `var_${string}`;

export function readInputs(input: InputReader): Inputs {
  return {
    pipeline: input.text('pipeline'),
    runId: input.text('runId'),
    pipelineId: input.text('pipelineId'),
    artifactName: input.requiredText('artifactName'),
    allowedBranches: input.requiredText('allowedBranches'),
    sealKey: input.secret('sealKey'),
    requireSeal: input.flag('requireSeal', false),
    strict: input.flag('strict', false),
    azureSubscription: input.text('azureSubscription'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
  };
}
