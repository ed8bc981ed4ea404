// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Folder that holds `Chart.yaml`, inside the sources of the run. */
  readonly chartPath: string;
  /** SemVer 2 version to package the chart as, such as `1.2.3` or `1.2.3+build.5`. Empty: the one in `Chart.yaml`. */
  readonly chartVersion: string | undefined;
  /** Added to the version after a `+`, such as `$(Build.BuildId)`: 0.1.0 becomes `0.1.0+123`, with the tag `0.1.0_123`. For charts that keep one version in `Chart.yaml`. */
  readonly buildMetadata: string | undefined;
  /** Version of the application, such as the image tag. Empty: the one in `Chart.yaml`. */
  readonly appVersion: string | undefined;
  /** Folder that receives the chart archive; it is made when it does not exist. Empty: `$(Build.ArtifactStagingDirectory)`. */
  readonly destination: string | undefined;
  /** Whether `helm dependency build` fetches what the chart depends on: `auto` only where `charts/` does not hold all that Chart.lock (or Chart.yaml) names, `always` anew, `never` not at all. What it fetches goes into the archive and never into the sources. */
  readonly buildDependencies: 'auto' | 'always' | 'never';
  /** Azure Resource Manager service connection whose identity may pull the chart's private dependencies from the registries in dependencyRegistries. Workload identity federation, service principal (secret or certificate) and managed identity work alike. */
  readonly azureSubscription: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. It serves dependencies from its own registry. */
  readonly containerRegistry: string | undefined;
  /** Login servers of the registries that the connection is shown to, one a line, such as `contoso.azurecr.io`, or parts of them, such as `contoso.azurecr.io/helm`. A chart does not decide who gets the sign-in: other registries are asked without one. Empty: the registry of the Docker registry connection; none with an Azure subscription. */
  readonly dependencyRegistries: string | undefined;
  /** Run `helm lint` first; its errors fail the step. */
  readonly lint: boolean;
  /** Let a `values.schema.json`, of the chart or of a dependency, refer to addresses on the web (`$ref`), which helm then fetches through the agent's proxy. Without it such a chart is refused. */
  readonly allowSchemaReferences: boolean;
  /** Version of helm to run, such as `4.1.4` or `4.x`. Where the helm on PATH is another, or there is none, it is installed for this step. Empty: the helm on PATH from 3.17 on, else the one pinned in this task. */
  readonly helmVersion: string | undefined;
}

export type Output = 'chartName' | 'chartVersion' | 'appVersion' | 'chartPath' | 'archiveDigest';

export function readInputs(input: InputReader): Inputs {
  return {
    chartPath: input.requiredText('chartPath'),
    chartVersion: input.text('chartVersion'),
    buildMetadata: input.text('buildMetadata'),
    appVersion: input.text('appVersion'),
    destination: input.text('destination'),
    buildDependencies: input.choice('buildDependencies', ['auto', 'always', 'never'], 'auto'),
    azureSubscription: input.text('azureSubscription'),
    containerRegistry: input.text('containerRegistry'),
    dependencyRegistries: input.text('dependencyRegistries'),
    lint: input.flag('lint', true),
    allowSchemaReferences: input.flag('allowSchemaReferences', false),
    helmVersion: input.text('helmVersion'),
  };
}
