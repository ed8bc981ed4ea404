// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Azure Resource Manager service connection whose identity may pull from the registry (AcrPull, or Container Registry Repository Reader). Workload identity federation, service principal (secret or certificate) and managed identity work alike. Without a connection nobody signs in, which is enough for what the registry gives to everybody. */
  readonly azureSubscription: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. */
  readonly containerRegistry: string | undefined;
  /** The registry's login server as its page in the portal shows it, such as `contoso.azurecr.io`: the only one that gets the sign-in, also beside a chartRef. Empty: the one of the Docker registry connection. */
  readonly registry: string | undefined;
  /** Whole reference, such as `oci://contoso.azurecr.io/helm/app@sha256:…` (output chartDigestRef of the push), instead of the input repository. With a connection its registry must be the one that the input registry or the Docker registry connection names. */
  readonly chartRef: string | undefined;
  /** Repository of the chart, such as `helm/app`. */
  readonly repository: string | undefined;
  /** Version to pull, such as `1.2.3`. With a digest too: the version the chart must have. */
  readonly chartVersion: string | undefined;
  /** Digest of the manifest, as `sha256:…`. With a version too: the version's tag must still point to it. */
  readonly chartDigest: string | undefined;
  /** Folder that receives the chart. Empty: `$(Pipeline.Workspace)/charts`. */
  readonly destination: string | undefined;
  /** Unpack the archive; chartPath is then the chart's folder. */
  readonly unpack: boolean;
  /** A chart that unpacks to more than this is refused before anything is written. */
  readonly maxUnpackedMB: number;
}

export type Output = 'chartPath' | 'chartVersion' | 'chartDigest' | 'appVersion';

export function readInputs(input: InputReader): Inputs {
  return {
    azureSubscription: input.text('azureSubscription'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
    chartRef: input.text('chartRef'),
    repository: input.text('repository'),
    chartVersion: input.text('chartVersion'),
    chartDigest: input.text('chartDigest'),
    destination: input.text('destination'),
    unpack: input.flag('unpack', false),
    maxUnpackedMB: input.wholeNumber('maxUnpackedMB', 256),
  };
}
