// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** `deploy` installs the chart or upgrades the release to it; `rollback` goes back to a revision of the release. */
  readonly action: 'deploy' | 'rollback';
  /** Namespace of the release. */
  readonly namespace: string;
  /** Name of the release: up to 53 small letters, digits and dashes. Empty: the name of the chart; a roll-back needs it. */
  readonly releaseName: string | undefined;
  /** Number of the revision. Empty: the newest good one before the current one. */
  readonly toRevision: string | undefined;
  /** Azure Resource Manager service connection whose identity may fetch the cluster's credential (Azure Kubernetes Service Cluster User Role), work in the namespace (Azure Kubernetes Service RBAC Writer) and pull the chart (AcrPull, or Container Registry Repository Reader). Workload identity federation, service principal (secret or certificate) and managed identity work alike. Without one: the cluster of `KUBECONFIG`, and a chart that needs no sign-in. */
  readonly azureSubscription: string | undefined;
  /** Id of the cluster's subscription, if it is not the one of the service connection; a connection to a management group needs it. */
  readonly subscriptionId: string | undefined;
  /** Resource group of the cluster. Empty: the cluster of `KUBECONFIG`, as a step AksCredentials leaves it. */
  readonly resourceGroup: string | undefined;
  /** Name of the AKS cluster. Empty: the cluster of `KUBECONFIG`. */
  readonly cluster: string | undefined;
  /** Use the cluster's own administrator instead of the connection's identity. It needs the Azure Kubernetes Service Cluster Admin Role and local accounts, and may do everything. */
  readonly useClusterAdmin: boolean;
  /** A reference by digest or version (`oci://contoso.azurecr.io/helm/app@sha256:…`, output chartDigestRef of HelmChartPush or HandoffImport), an archive (`.tgz`), a chart folder of the sources, or the name of a chart in the input chartRepository. Empty: the chart of the input handoffFile. */
  readonly chart: string | undefined;
  /** Address of a public chart repository, such as `https://charts.contoso.com`, for a chart that is given by its name. */
  readonly chartRepository: string | undefined;
  /** Exact version of the chart, which a name needs. With a reference, an archive or a folder: the version that the chart must have. */
  readonly chartVersion: string | undefined;
  /** Azure Resource Manager service connection that may pull the chart, where that is another than the cluster's. */
  readonly registryConnection: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token) that may pull the chart, instead of an Azure one. */
  readonly containerRegistry: string | undefined;
  /** Login server of the registry that gets the sign-in, such as `contoso.azurecr.io`; the chart must be in it. Empty: the one in the chart's reference, which with an Azure connection must be an Azure Container Registry. */
  readonly registry: string | undefined;
  /** Files with values, one path or pattern a line, in this order; later ones win. Files that one pattern names come in the order of their names. */
  readonly valueFiles: string | undefined;
  /** Values as YAML; they win over the files. */
  readonly values: string | undefined;
  /** variables.json of the CI run, as `download: ci` leaves it and HandoffImport checks it: `$(Pipeline.Workspace)/ci/build-artifact/variables.json`. Its images are what the input images puts into values, and its run is written into the release. */
  readonly handoffFile: string | undefined;
  /** Where the images of the handoff go, one a line, as `name=repositoryPath,tagPath|digestPath`, such as `web=image.repository,image.tag|image.digest`. Where the chart has no field for a digest, leave out `|digestPath`: the tag is then `tag@digest`. */
  readonly images: string | undefined;
  /** Values as `path=value`, one a line. All behind the first `=` is the value, commas and quotes too; `true`, `false`, `null` and whole numbers have their type. */
  readonly set: string | undefined;
  /** The same, and every value is a string. */
  readonly setString: string | undefined;
  /** Values as `path=file`, one a line; the value is what the file holds. */
  readonly setFile: string | undefined;
  /** Values as `path=$(secretVariable)`, one a line. They are strings, masked in every log, and never on a command line. */
  readonly setSecret: string | undefined;
  /** Create the namespace where it is missing, which needs Azure Kubernetes Service RBAC Cluster Admin. */
  readonly createNamespace: boolean;
  /** Wait until the resources of the release are ready. */
  readonly wait: boolean;
  /** How helm 4 waits: `legacy` as helm 3 does (load balancers must have an address), `watcher` for the status that resources and custom resources report themselves, `hookOnly` for hooks alone. */
  readonly waitStrategy: 'legacy' | 'watcher' | 'hookOnly';
  /** Wait until the Jobs of the release are complete, too; one that fails counts as a failed roll-out. */
  readonly waitForJobs: boolean;
  /** Ends helm's wait when a cause was found that cannot mend itself, such as an image that the registry does not have: the roll-out has failed then, without the rest of the time. */
  readonly endEarly: boolean;
  /** How long the roll-out may take, such as `10m`, `90s` or `1h30m`. A roll-back, and the tests, have as long again. */
  readonly timeout: string;
  /** Run the tests of the release (`helm test`) after it; a test that fails counts as a failed roll-out. */
  readonly runTests: boolean;
  /** What follows a roll-out that failed: `rollback` to the last good revision, `uninstallFirstInstall` the same and a first install is removed, `keep` nothing. */
  readonly onFailure: 'rollback' | 'uninstallFirstInstall' | 'keep';
  /** What to do when a newer run of the same CI pipeline is deployed: `deploy`, `warn` and deploy, or `refuse`. A roll-back, and a run that a person started, are deployed. */
  readonly ifOlder: 'deploy' | 'warn' | 'refuse';
  /** Refuse to deploy to an environment without an approval check that is switched on, or when that cannot be found out. It takes a deployment job, and the role Reader on the environment for the build service identity of the project. Whoever approved is remembered in the release's labels and shown in the summary. */
  readonly requireApproval: boolean;
  /** How many revisions of the release helm keeps. */
  readonly historyMax: number;
  /** With helm 4: take fields that another manager, such as an autoscaler or kubectl, has set. */
  readonly forceConflicts: boolean;
  /** Take over resources of these names that belong to no release, or to another one. */
  readonly takeOwnership: boolean;
  /** Leave out the custom resource definitions in the folder `crds` of the chart. */
  readonly skipCrds: boolean;
  /** Let a `values.schema.json`, of the chart or of a dependency, refer to addresses on the web (`$ref`), which helm then fetches through the agent's proxy. Without it such a chart is refused. */
  readonly allowSchemaReferences: boolean;
  /** Keep other runs off the release meanwhile, by a Lease in its namespace. `off` where the identity may not write Leases: two runs can then be in each other's way. */
  readonly lease: 'on' | 'off';
  /** After how long without a sign of life another run may take the release over; 15 to 3600 seconds. */
  readonly leaseSeconds: number;
  /** How many minutes to wait for another run that works on the release, before the step fails. Empty or 0: not at all. */
  readonly waitForOther: string | undefined;
  /** Version of helm to run, such as `4.1.4` or `4.x`. Where the helm on PATH is another, or there is none, it is installed for this step. Empty: the helm on PATH if it is 3.17 or a later 3, or 4.1.4 or later but not 4.2.1, else the one pinned in this task. */
  readonly helmVersion: string | undefined;
  /** Which name of the API server to use: for a private cluster `default` is the one of its private network, `public` its public name, if it has one. */
  readonly serverFqdn: 'default' | 'public' | 'private';
  /** Id of the application whose tokens the cluster takes, for clusters with the former Entra ID integration. Empty: AKS's own, `6dae42f8-4368-4678-94ff-3960e28e3630`. A kubeconfig that names another one is refused. */
  readonly serverAppId: string | undefined;
}

export type Output = 'releaseRevision' | 'releaseStatus' | 'previousRevision' | 'chartDigest' | 'diagnosisFile';

export function readInputs(input: InputReader): Inputs {
  return {
    action: input.choice('action', ['deploy', 'rollback'], 'deploy'),
    namespace: input.requiredText('namespace'),
    releaseName: input.text('releaseName'),
    toRevision: input.text('toRevision'),
    azureSubscription: input.text('azureSubscription'),
    subscriptionId: input.text('subscriptionId'),
    resourceGroup: input.text('resourceGroup'),
    cluster: input.text('cluster'),
    useClusterAdmin: input.flag('useClusterAdmin', false),
    chart: input.text('chart'),
    chartRepository: input.address('chartRepository'),
    chartVersion: input.text('chartVersion'),
    registryConnection: input.text('registryConnection'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
    valueFiles: input.text('valueFiles'),
    values: input.literal('values'),
    handoffFile: input.text('handoffFile'),
    images: input.text('images'),
    set: input.literal('set'),
    setString: input.literal('setString'),
    setFile: input.text('setFile'),
    setSecret: input.literal('setSecret'),
    createNamespace: input.flag('createNamespace', true),
    wait: input.flag('wait', true),
    waitStrategy: input.choice('waitStrategy', ['legacy', 'watcher', 'hookOnly'], 'legacy'),
    waitForJobs: input.flag('waitForJobs', false),
    endEarly: input.flag('endEarly', true),
    timeout: input.requiredText('timeout'),
    runTests: input.flag('runTests', false),
    onFailure: input.choice('onFailure', ['rollback', 'uninstallFirstInstall', 'keep'], 'rollback'),
    ifOlder: input.choice('ifOlder', ['deploy', 'warn', 'refuse'], 'warn'),
    requireApproval: input.flag('requireApproval', false),
    historyMax: input.wholeNumber('historyMax', 10),
    forceConflicts: input.flag('forceConflicts', false),
    takeOwnership: input.flag('takeOwnership', false),
    skipCrds: input.flag('skipCrds', false),
    allowSchemaReferences: input.flag('allowSchemaReferences', false),
    lease: input.choice('lease', ['on', 'off'], 'on'),
    leaseSeconds: input.wholeNumber('leaseSeconds', 60),
    waitForOther: input.text('waitForOther'),
    helmVersion: input.text('helmVersion'),
    serverFqdn: input.choice('serverFqdn', ['default', 'public', 'private'], 'default'),
    serverAppId: input.text('serverAppId'),
  };
}
