// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Azure Resource Manager service connection whose identity may use the registries: AcrPush to push, AcrPull to pull (with ABAC repository permissions Container Registry Repository Writer or Reader). Workload identity federation, service principal (secret or certificate) and managed identity work alike. */
  readonly azureSubscription: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. */
  readonly containerRegistry: string | undefined;
  /** Login servers of the registries, as their pages in the portal show them, one a line, such as `contoso.azurecr.io`. Empty: the one of the Docker registry connection, which is for one registry. */
  readonly registry: string | undefined;
}

export type Output = 'dockerConfigPath';

export function readInputs(input: InputReader): Inputs {
  return {
    azureSubscription: input.text('azureSubscription'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
  };
}
