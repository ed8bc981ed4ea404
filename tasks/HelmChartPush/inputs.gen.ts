// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Azure Resource Manager service connection whose identity may push to the registry (AcrPush, or Container Registry Repository Writer). Workload identity federation, service principal (secret or certificate) and managed identity work alike. */
  readonly azureSubscription: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. */
  readonly containerRegistry: string | undefined;
  /** The registry's login server as its page in the portal shows it, such as `contoso.azurecr.io`. Empty: the one of the Docker registry connection. */
  readonly registry: string | undefined;
  /** Path before the chart's name: chart `app` with prefix `helm` goes to `contoso.azurecr.io/helm/app`. Empty: no prefix. */
  readonly repositoryPrefix: string | undefined;
  /** Chart archive (.tgz), or patterns for several, one a line, such as `$(Build.ArtifactStagingDirectory)/*.tgz`. */
  readonly chartPath: string;
  /** What to do when the registry has this version already. An identical chart needs no push; only `overwrite` ever moves a tag. */
  readonly ifExists: 'fail' | 'skipIfIdentical' | 'overwrite';
  /** Add the commit and the repository's address to the manifest (`org.opencontainers.image.revision` and `.source`). */
  readonly sourceAnnotations: boolean;
  /** A chart that unpacks to more than this is refused before anything is written. */
  readonly maxUnpackedMB: number;
}

export type Output = 'chartRef' | 'chartVersion' | 'chartDigest' | 'chartDigestRef' | 'pushResult';

export function readInputs(input: InputReader): Inputs {
  return {
    azureSubscription: input.text('azureSubscription'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
    repositoryPrefix: input.text('repositoryPrefix'),
    chartPath: input.requiredText('chartPath'),
    ifExists: input.choice('ifExists', ['fail', 'skipIfIdentical', 'overwrite'], 'skipIfIdentical'),
    sourceAnnotations: input.flag('sourceAnnotations', true),
    maxUnpackedMB: input.wholeNumber('maxUnpackedMB', 256),
  };
}
