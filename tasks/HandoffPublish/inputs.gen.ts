// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** The chart that was pushed: output `chartDigestRef` of HelmChartPush, such as `oci://contoso.azurecr.io/helm/app@sha256:…`. */
  readonly chartDigestRef: string;
  /** Version of that chart: output `chartVersion` of HelmChartPush. */
  readonly chartVersion: string;
  /** App version of that chart: output `appVersion` of HelmChartSave. */
  readonly appVersion: string | undefined;
  /** Images that the chart deploys, one a line, as `name=repository:tag`. The repository may stand without its login server, which is the chart's. Each tag is resolved to a digest, so a registry connection is needed. */
  readonly images: string | undefined;
  /** Value of `imgVersion` in the file. Empty: the tag of the first image. */
  readonly imgVersion: string | undefined;
  /** Free values, one a line, as `name=value`; a value is one word that no script acts on. Secrets of the job and names that steer the agent or its programs are refused. */
  readonly variables: string | undefined;
  /** Files of the sources, such as values files, one pattern a line from the sources' folder, such as `deploy/values/*.yaml`; a line with `!` leaves files out. They go into the artifact with their paths, each with its SHA-256 in variables.json, so that the pipeline that deploys checks out nothing. At most 500 files of 4 MiB, 8 MiB together; secrets of the job are refused. */
  readonly files: string | undefined;
  /** Azure Resource Manager service connection whose identity may pull from the chart's registry (AcrPull, or Container Registry Repository Reader). Workload identity federation, service principal (secret or certificate) and managed identity work alike. With a connection, every tag is checked in the registry before the handoff is published. */
  readonly azureSubscription: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. */
  readonly containerRegistry: string | undefined;
  /** The registry's login server as its page in the portal shows it, such as `contoso.azurecr.io`: the only one that gets the sign-in; the chart must be in it. Empty: the one of the Docker registry connection. */
  readonly registry: string | undefined;
  /** Artifact that receives variables.json. */
  readonly artifactName: string;
  /** Secret variable, such as `$(handoffSealKey)`, of at least 16 characters, the same for HandoffPublish and HandoffImport. The file is then sealed (HMAC-SHA256), and HandoffImport with the same key refuses any other. */
  readonly sealKey: string | undefined;
}

export type Output = 'handoffPath';

export function readInputs(input: InputReader): Inputs {
  return {
    chartDigestRef: input.requiredText('chartDigestRef'),
    chartVersion: input.requiredText('chartVersion'),
    appVersion: input.text('appVersion'),
    images: input.text('images'),
    imgVersion: input.text('imgVersion'),
    variables: input.text('variables'),
    files: input.text('files'),
    azureSubscription: input.text('azureSubscription'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
    artifactName: input.requiredText('artifactName'),
    sealKey: input.secret('sealKey'),
  };
}
