// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Whose policies they are: `kyverno` for those of Kyverno and for ValidatingAdmissionPolicies of Kubernetes, `gatekeeper` for constraints of Gatekeeper, which Azure Policy uses on AKS. The program (kyverno 1.19 or later, gator 3.23 or later) is taken from PATH, else installed. */
  readonly engine: 'kyverno' | 'gatekeeper';
  /** Files with policies, folders with all below them, or patterns, one a line; templates of constraints, and exceptions (PolicyException), are taken from there, too. Or the one word `cluster`: those that may refuse an object in the cluster now, such as the constraints that Azure Policy has put there, with their exceptions. */
  readonly policies: string;
  /** What makes the step fail: `error` what a cluster would refuse, `warning` also what policies only audit or warn of, `never` nothing; the step then succeeds with issues. */
  readonly failOn: 'error' | 'warning' | 'never';
  /** Names of policies, one a line, that may match no object, or that cannot be checked without a cluster; `*` stands for any characters, as in `azurepolicy-*`. Every other policy that matches nothing makes the step fail. */
  readonly allowUnmatched: string | undefined;
  /** A reference by digest or version (`oci://contoso.azurecr.io/helm/app@sha256:…`), an archive (`.tgz`), a chart folder of the sources, or the name of a chart in the input chartRepository. Give one of chart, manifests and kustomization. */
  readonly chart: string | undefined;
  /** Address of a public chart repository, such as `https://charts.contoso.com`, for a chart that is given by its name. */
  readonly chartRepository: string | undefined;
  /** Exact version of the chart, which a name needs. With a reference, an archive or a folder: the version that the chart must have. */
  readonly chartVersion: string | undefined;
  /** Files with objects of Kubernetes, folders or patterns, one a line, instead of a chart. */
  readonly manifests: string | undefined;
  /** A folder with a kustomization.yaml, which `kubectl kustomize` builds without a network, instead of a chart. */
  readonly kustomization: string | undefined;
  /** Namespace that the objects go to where they name none: policies may be for some namespaces only. */
  readonly namespace: string;
  /** Labels that the namespace has in the cluster, as `name=value`, one a line: for policies that choose namespaces by labels. With `policies: cluster` the cluster is asked for them, too. */
  readonly namespaceLabels: string | undefined;
  /** Name of the release that the chart is rendered for: up to 53 small letters, digits and dashes. Empty: the name of the chart. */
  readonly releaseName: string | undefined;
  /** Files with values, one path or pattern a line, in this order; later ones win. Files that one pattern names come in the order of their names. */
  readonly valueFiles: string | undefined;
  /** Values as YAML; they win over the files. */
  readonly values: string | undefined;
  /** Values sets, one a line, as `name=file` or `name=file, file`: the chart is rendered once for each, with these files over those of the input valueFiles. Empty: rendered once. */
  readonly environments: string | undefined;
  /** Values as `path=value`, one a line. All behind the first `=` is the value, commas and quotes too; `true`, `false`, `null` and whole numbers have their type. */
  readonly set: string | undefined;
  /** The same, and every value is a string. */
  readonly setString: string | undefined;
  /** Values as `path=file`, one a line; the value is what the file holds. */
  readonly setFile: string | undefined;
  /** Values as `path=$(secretVariable)`, one a line. They are strings, masked in every log, and never on a command line. */
  readonly setSecret: string | undefined;
  /** Azure Resource Manager service connection whose identity may pull the chart (AcrPull, or Container Registry Repository Reader) and, with `policies: cluster`, fetch the cluster's credential (Azure Kubernetes Service Cluster User Role) and list its policies. Workload identity federation, service principal (secret or certificate) and managed identity work alike. Without one: the cluster of `KUBECONFIG`, and a chart that needs no sign-in. */
  readonly azureSubscription: string | undefined;
  /** Id of the cluster's subscription, if it is not the one of the service connection; a connection to a management group needs it. */
  readonly subscriptionId: string | undefined;
  /** Resource group of the cluster. Empty: the cluster of `KUBECONFIG`, as a step AksCredentials leaves it. */
  readonly resourceGroup: string | undefined;
  /** Name of the AKS cluster. Empty: the cluster of `KUBECONFIG`. */
  readonly cluster: string | undefined;
  /** Use the cluster's own administrator instead of the connection's identity. It needs the Azure Kubernetes Service Cluster Admin Role and local accounts, and may do everything. */
  readonly useClusterAdmin: boolean;
  /** Azure Resource Manager service connection that may pull the chart, where that is another than the cluster's. */
  readonly registryConnection: string | undefined;
  /** Docker registry service connection (user and password, such as an ACR token), instead of an Azure subscription. */
  readonly containerRegistry: string | undefined;
  /** Login server of the registry that gets the sign-in, such as `contoso.azurecr.io`; the chart must be in it. Empty: the one in the chart's reference, which with an Azure connection must be an Azure Container Registry. */
  readonly registry: string | undefined;
  /** Let a `values.schema.json`, of the chart or of a dependency, refer to addresses on the web (`$ref`), which helm then fetches through the agent's proxy. Without it such a chart is refused. */
  readonly allowSchemaReferences: boolean;
  /** Version of helm to run, such as `4.1.4` or `4.x`. Where the helm on PATH is another, or there is none, it is installed for this step. Empty: the helm on PATH from 3.17 on, else the one pinned in this task. */
  readonly helmVersion: string | undefined;
  /** Which name of the API server to use: for a private cluster `default` is the one of its private network, `public` its public name, if it has one. */
  readonly serverFqdn: 'default' | 'public' | 'private';
  /** Id of the application whose tokens the cluster takes, for clusters with the former Entra ID integration. Empty: AKS's own, `6dae42f8-4368-4678-94ff-3960e28e3630`. A kubeconfig that names another one is refused. */
  readonly serverAppId: string | undefined;
}

export type Output = 'policiesPassed' | 'policiesFailed' | 'policiesUnmatched';

export function readInputs(input: InputReader): Inputs {
  return {
    engine: input.choice('engine', ['kyverno', 'gatekeeper'], 'kyverno'),
    policies: input.requiredText('policies'),
    failOn: input.choice('failOn', ['error', 'warning', 'never'], 'error'),
    allowUnmatched: input.text('allowUnmatched'),
    chart: input.text('chart'),
    chartRepository: input.address('chartRepository'),
    chartVersion: input.text('chartVersion'),
    manifests: input.text('manifests'),
    kustomization: input.text('kustomization'),
    namespace: input.requiredText('namespace'),
    namespaceLabels: input.text('namespaceLabels'),
    releaseName: input.text('releaseName'),
    valueFiles: input.text('valueFiles'),
    values: input.literal('values'),
    environments: input.text('environments'),
    set: input.literal('set'),
    setString: input.literal('setString'),
    setFile: input.text('setFile'),
    setSecret: input.literal('setSecret'),
    azureSubscription: input.text('azureSubscription'),
    subscriptionId: input.text('subscriptionId'),
    resourceGroup: input.text('resourceGroup'),
    cluster: input.text('cluster'),
    useClusterAdmin: input.flag('useClusterAdmin', false),
    registryConnection: input.text('registryConnection'),
    containerRegistry: input.text('containerRegistry'),
    registry: input.text('registry'),
    allowSchemaReferences: input.flag('allowSchemaReferences', false),
    helmVersion: input.text('helmVersion'),
    serverFqdn: input.choice('serverFqdn', ['default', 'public', 'private'], 'default'),
    serverAppId: input.text('serverAppId'),
  };
}
