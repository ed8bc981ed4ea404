import { called, quoted, told, word } from '../words.ts';
import { helm } from './apply.ts';
import type { Cause, Found } from './cause.ts';

/** Versions of built-in kinds that are gone, and what is there instead (kubernetes.io, Deprecated API Migration Guide). */
const gone: readonly (readonly [version: RegExp, kind: RegExp, instead: string])[] = [
  [/^extensions\/v1beta1$/, /^Ingress$/, 'networking.k8s.io/v1'],
  [/^extensions\/v1beta1$/, /^NetworkPolicy$/, 'networking.k8s.io/v1'],
  [/^(?:extensions|apps)\/v1beta[12]$/, /./, 'apps/v1'],
  [/^networking\.k8s\.io\/v1beta1$/, /^Ingress/, 'networking.k8s.io/v1'],
  [/^batch\/v(?:1beta1|2alpha1)$/, /./, 'batch/v1'],
  [/^policy\/v1beta1$/, /^PodDisruptionBudget$/, 'policy/v1'],
  [
    /^policy\/v1beta1$/,
    /^PodSecurityPolicy$/,
    'the label pod-security.kubernetes.io/enforce of the namespace (PodSecurityPolicy was removed)',
  ],
  [/^autoscaling\/v2beta[12]$/, /./, 'autoscaling/v2'],
  [/^rbac\.authorization\.k8s\.io\/v1(?:alpha|beta)1$/, /./, 'rbac.authorization.k8s.io/v1'],
  [/^apiextensions\.k8s\.io\/v1beta1$/, /./, 'apiextensions.k8s.io/v1'],
  [/^admissionregistration\.k8s\.io\/v1beta1$/, /Webhook/, 'admissionregistration.k8s.io/v1'],
  [/^storage\.k8s\.io\/v1beta1$/, /./, 'storage.k8s.io/v1'],
  [/^scheduling\.k8s\.io\/v1(?:alpha|beta)1$/, /./, 'scheduling.k8s.io/v1'],
  [/^coordination\.k8s\.io\/v1beta1$/, /./, 'coordination.k8s.io/v1'],
  [/^certificates\.k8s\.io\/v1beta1$/, /^CertificateSigningRequest$/, 'certificates.k8s.io/v1'],
  [/^discovery\.k8s\.io\/v1beta1$/, /./, 'discovery.k8s.io/v1'],
  [/^flowcontrol\.apiserver\.k8s\.io\/v1(?:alpha|beta)\d$/, /./, 'flowcontrol.apiserver.k8s.io/v1'],
];

/** Where people get the definitions of kinds that they often miss. */
const operators: readonly (readonly [RegExp, string])[] = [
  [/^monitoring\.coreos\.com\//, 'Prometheus Operator (on AKS: azmonitoring.coreos.com with managed Prometheus)'],
  [/^cert-manager\.io\//, 'cert-manager'],
  [/^secrets-store\.csi\.x-k8s\.io\//, 'the add-on azure-keyvault-secrets-provider (az aks enable-addons)'],
  [/^gateway\.networking\.k8s\.io\//, 'the Gateway API'],
  [/^keda\.sh\//, 'KEDA (az aks update --enable-keda)'],
  [/\.istio\.io\//, 'the service mesh add-on (az aks mesh enable)'],
  [/^external-secrets\.io\//, 'External Secrets Operator'],
  [/^argoproj\.io\//, 'Argo Rollouts or Argo CD'],
  [/^flagger\.app\//, 'Flagger'],
];

function insteadOf({ groups }: Found): string | undefined {
  const { kind = '', version = '' } = groups;
  return gone.find(([versions, kinds]) => versions.test(version) && kinds.test(kind))?.[2];
}

const kindName = ({ groups }: Found): string =>
  `${told(groups['kind'] ?? '', 63)} of ${quoted(groups['version'] ?? '')}`;

const apiResources = ({ groups }: Found): string => {
  const [group = ''] = (groups['version'] ?? '').split('/', 1);
  return `kubectl api-resources --api-group ${word(group, 'group')}`;
};

export const kindCauses: readonly Cause[] = [
  {
    id: 'removed-api',
    rank: 'apply',
    evidence: "Helm's `unable to build kubernetes objects from current release manifest`",
    remedy: '`helm mapkubeapis` on the release, then deploy again',
    // Helm's own word for it, `contains removed kubernetes api(s)`, waits for a text that client-go no longer prints.
    marks: helm(
      /current release manifest[^]{0,1500}?(?:no matches for kind "(?<kind>[^"]{1,63})" in version "(?<version>[^"]{1,253})"|$)/,
    ),
    what: (found) =>
      `The revision before has an object of a kind that this cluster no longer has${found.groups['kind'] ? ` (${kindName(found)})` : ''}, so helm cannot compare with it.`,
    fix: ({ view: { release } }) =>
      `Rewrite helm's record of it once: helm mapkubeapis ${word(release.name, 'release')} --namespace ${word(release.namespace, 'namespace')} (plugin helm/helm-mapkubeapis on GitHub), then deploy again.`,
    command: ({ view: { release } }) =>
      `helm get manifest ${word(release.name, 'release')} --namespace ${word(release.namespace, 'namespace')}`,
    canMend: true,
  },
  {
    id: 'kind-unknown',
    rank: 'apply',
    evidence: 'Helm\'s `no matches for kind "<kind>" in version "<version>"`',
    remedy: 'Of a built-in kind the version that is served now; else the CRD has to be installed first',
    marks: helm(/no matches for kind "(?<kind>[^"]{1,63})" in version "(?<version>[^"]{1,253})"/),
    applies: ({ signal }) => !/current release manifest/.test(signal.text),
    what: (found) => {
      const which = found.owner.kind === 'Release' ? 'The chart' : called(found.owner);
      return `${which} is of a kind that the cluster does not have: ${kindName(found)}.`;
    },
    fix: (found) => {
      const instead = insteadOf(found);
      if (instead !== undefined) return `Kubernetes removed that version: use ${instead} in the chart.`;
      const from = operators.find(([version]) => version.test(found.groups['version'] ?? ''))?.[1];
      return `Install its CRD first${from === undefined ? '' : `: it comes with ${from}`}; or switch off what uses it in the chart's values.`;
    },
    command: apiResources,
    canMend: true,
  },
];
