import { quoted, told, word } from '../words.ts';
import { refusals, refused } from './admission.ts';
import type { Cause, Found } from './cause.ts';

/** Whose webhook it is: the API server names its Service by the address that it calls (kubernetes, pkg/util/webhook). */
function serviceOf({ signal }: Found): { name: string; namespace: string } | undefined {
  const { name, namespace } =
    /https:\/\/(?<name>[\w-]{1,63})\.(?<namespace>[\w-]{1,63})\.svc\b/.exec(signal.text)?.groups ?? {};
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** What people know to be behind the webhooks of AKS's own add-ons. */
const addOns: readonly (readonly [RegExp, string])[] = [
  [/azure-workload-identity|azure-wi-/, 'azure-wi-webhook-controller-manager'],
  [/gatekeeper/, 'gatekeeper-controller (Azure Policy)'],
  [/istio|sidecar-injector/, 'istiod'],
];

const ownerOf = ({ groups, signal }: Found): string | undefined =>
  addOns.find(([name]) => name.test(`${groups['webhook']} ${signal.text}`))?.[1];

export const webhookCertificate: Cause = {
  id: 'webhook-certificate',
  rank: 'admission',
  evidence: 'A call to a webhook that fails with `x509: certificate …`',
  remedy: "The webhook's certificate, or the `caBundle` of its configuration",
  marks: refusals(/failed calling webhook "(?<webhook>[^"]{1,253})"[^]{0,1500}?x509: (?<how>[^\n]{1,300})/),
  what: (found) =>
    `${refusedByWebhook(found)}, whose certificate it does not trust (${told((found.groups['how'] ?? '').replace(/ \(possibly because of .*/, ''), 200)}). It is not the chart's fault.`,
  fix: (found) =>
    /has expired|not yet valid/.test(found.groups['how'] ?? '')
      ? 'Renew the certificate (cert-manager, or restart the pods that make it), and check the clocks.'
      : "Put the authority of the webhook's certificate into caBundle of its configuration (cert-manager's cainjector does so), or make the certificate for the name that is called.",
  command: webhookCommand,
  canMend: true,
};

export const webhookDown: Cause = {
  id: 'webhook-down',
  rank: 'admission',
  evidence:
    'A call to a webhook that fails with `no endpoints available`, `connection refused`, `deadline exceeded` or the like',
  remedy: "Restart the webhook's pods (workload identity: `azure-wi-webhook-controller-manager` in kube-system)",
  marks: refusals(
    /failed calling webhook "(?<webhook>[^"]{1,253})"[^]{0,1500}?(?<how>no endpoints available|connection refused|context deadline exceeded|i\/o timeout|Client\.Timeout|no such host|service "[^"]{1,63}" not found|EOF|connection reset|no route to host|proxy error|could not find the requested resource|Service Unavailable)/,
  ),
  what: (found) =>
    `${refusedByWebhook(found)}, which does not answer (${told(found.groups['how'] ?? '', 200)}). It is not the chart's fault.`,
  fix: (found) => {
    const known = ownerOf(found);
    const service = serviceOf(found);
    const pods = known === undefined ? 'the pods behind it' : `Deployment ${known}`;
    const where = service === undefined ? '' : ` in namespace ${quoted(service.namespace)}`;
    return `Bring ${pods}${where} back (kubectl rollout restart), then deploy again; if it was uninstalled, delete its webhook configuration.`;
  },
  command: webhookCommand,
  canMend: true,
};

const refusedByWebhook = (found: Found): string =>
  `The API server cannot take ${refused(found)}: it has to ask webhook ${quoted(found.groups['webhook'] ?? '')} first`;

function webhookCommand(found: Found): string {
  const service = serviceOf(found);
  return service === undefined
    ? 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations'
    : `kubectl get pods,endpointslices --namespace ${word(service.namespace, 'namespace')}`;
}
