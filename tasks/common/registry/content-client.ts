import { ContainerRegistryContentClient, type ContainerRegistryContentClientOptions } from '@azure/container-registry';

/**
 * The Azure SDK's client of one repository, without a credential: it then signs in anonymously, which tokenPolicy
 * completes. Its types know that only of the SDK's other client, so it is made by reflection.
 * @param endpoint such as `https://contoso.azurecr.io`
 */
export function contentClient(
  endpoint: string,
  repository: string,
  options: ContainerRegistryContentClientOptions,
): ContainerRegistryContentClient {
  return Reflect.construct(ContainerRegistryContentClient, [endpoint, repository, undefined, options]);
}
