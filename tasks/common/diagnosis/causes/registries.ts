import { field, list, number, text } from '../../watching/fields.ts';
import { describe, kubectl, quoted, told, word } from '../words.ts';
import type { Cause, Found } from './cause.ts';
import { ambiguous, cannotPull, isAzure, pull, registryName, registryOf } from './image-words.ts';

/** The secrets by which a pod's images are pulled, instead of the nodes' identity. */
function pullSecrets({ signal }: Found): string[] {
  return list(field(signal.object?.['spec'], 'imagePullSecrets'))
    .map((each) => text(field(each, 'name')))
    .filter((name) => name !== '');
}

/** One of them that the kubelet did not find (kubernetes, pkg/kubelet/kubelet_pods.go). */
function missingSecret({ near }: Found): string | undefined {
  const event = near.find(({ reason }) => reason === 'FailedToRetrieveImagePullSecret');
  return /secrets \((?<name>[^),]{1,253})/.exec(event?.text ?? '')?.groups?.['name'];
}

const firewall: Cause = {
  id: 'acr-firewall',
  rank: 'image',
  evidence: 'A pull that the registry answers with 403, or with `client with IP … is not allowed access`',
  remedy: "Allow the nodes' outbound address in the registry's network rules, or give the registry a private endpoint",
  marks: pull(/client with IP '(?<ip>[^']{1,60})' is not allowed|\b403 Forbidden/),
  applies: (found) => isAzure(registryOf(found)),
  what: (found) =>
    `${cannotPull(found)}: registry ${quoted(registryOf(found))} refuses the nodes' address${found.groups['ip'] ? ` ${found.groups['ip']}` : ''} (403). No role helps against that.`,
  fix: (found) =>
    `Allow the cluster's outbound address in the registry's 'Public network access' rules (az acr network-rule add --name ${registryName(registryOf(found))} --ip-address ${word(found.groups['ip'] ?? '', 'address')}), or reach it by a private endpoint.`,
  command: (found) =>
    isAzure(registryOf(found))
      ? `az acr show --name ${registryName(registryOf(found))} --query "{access:publicNetworkAccess,rules:networkRuleSet}"`
      : describe(found.signal.name),
  canMend: true,
};

const role: Cause = {
  id: 'acr-role',
  rank: 'image',
  evidence: 'A pull that fails with `failed to authorize` and 401, or with `unauthorized`',
  remedy:
    "`AcrPull` for the cluster's kubelet identity (`az aks update --attach-acr`), on registries with ABAC `Container Registry Repository Reader`; where the pod has `imagePullSecrets`, the right secret",
  marks: pull(/failed to authorize|\b40[13] (?:Unauthorized|Forbidden)|unauthorized: |insufficient_scope|: denied\b/),
  applies: ({ signal }) => !ambiguous.test(signal.text),
  what: (found) => {
    const missing = missingSecret(found);
    if (missing !== undefined)
      return `${cannotPull(found)}: Secret ${quoted(missing)} of imagePullSecrets does not exist.`;
    const secrets = pullSecrets(found).map((name) => quoted(name));
    const how =
      secrets.length === 0
        ? "does not let the nodes' identity pull (401)"
        : `does not take the sign-in of ${secrets.join(', ')} in imagePullSecrets (401)`;
    return `${cannotPull(found)}: registry ${quoted(registryOf(found))} ${how}.`;
  },
  fix: (found) => {
    const host = registryOf(found);
    const secrets = pullSecrets(found);
    const missing = missingSecret(found);
    if (missing !== undefined) {
      return `Create Secret ${quoted(missing)} in namespace ${quoted(found.owner.namespace)} (kubectl create secret docker-registry), or remove imagePullSecrets from the chart's values so that the nodes' identity is used.`;
    }
    if (secrets.length > 0) {
      return `Correct the registry's name, user and password in Secret ${quoted(secrets[0] ?? '')} (kubectl create secret docker-registry), or remove imagePullSecrets from the chart's values so that the nodes' identity is used.`;
    }
    if (!isAzure(host))
      return `Give the pods a sign-in for ${quoted(host)} by imagePullSecrets, and check the image's name.`;
    return `Give the cluster's kubelet identity the role 'AcrPull' on the registry (az aks update --attach-acr ${registryName(host)}); where the registry uses repository permissions (ABAC) it is 'Container Registry Repository Reader'.`;
  },
  command: (found) => {
    const [secret] = pullSecrets(found);
    if (secret !== undefined) return describe({ ...found.signal.name, kind: 'Secret', name: secret });
    const host = registryOf(found);
    if (!isAzure(host)) return describe(found.signal.name);
    return `az aks check-acr --name <cluster> --resource-group <group> --acr ${word(host, 'registry')}`;
  },
  canMend: true,
};

const unreachable: Cause = {
  id: 'registry-unreachable',
  rank: 'image',
  evidence: 'A pull that fails with `i/o timeout`, `no such host`, `connection refused`, `x509`, or 429',
  remedy:
    "The nodes' DNS or outbound rules; where it is one node only, that node; a copy of the image in a registry of your own (429)",
  marks: pull(
    /(?<how>i\/o timeout|no such host|connection refused|connection reset|network is unreachable|TLS handshake timeout|server misbehaving|Client\.Timeout|context deadline exceeded|x509: certificate [^\n]{1,80}|(?<limit>429 Too Many Requests|toomanyrequests))/,
  ),
  what: (found) => {
    const [node, host] = [onlyNode(found), quoted(registryOf(found))];
    if (found.groups['limit'])
      return `${cannotPull(found)}: registry ${host} lets the nodes' address pull no more for now (429).`;
    const where = node === undefined ? 'the nodes do' : `node ${quoted(node)} does`;
    return `${cannotPull(found)}: ${where} not reach registry ${host} (${told(found.groups['how'] ?? '')}).`;
  },
  fix: (found) => {
    const node = onlyNode(found);
    if (found.groups['limit']) {
      return 'Copy the image into your own registry (az acr import) and name that one in image.repository, or give the pods a sign-in by imagePullSecrets, for which the limit is higher.';
    }
    if (node !== undefined) {
      return `The other nodes do pull it, so look at that node; taking it out of use helps at once (kubectl cordon ${word(node, 'node')}).`;
    }
    return /no such host|misbehaving/.test(found.groups['how'] ?? '')
      ? `Correct the registry's name, or the DNS of the nodes' virtual network (for a private endpoint the zone privatelink.azurecr.io must be linked to it).`
      : `Let the nodes out to ${quoted(registryOf(found))} on port 443: its name and '*.data.azurecr.io' in the firewall, the network security group and the route table of the node subnet.`;
  },
  command: (found) => {
    const node = onlyNode(found);
    if (node !== undefined) return kubectl('describe', { kind: 'Node', namespace: '', name: node });
    return isAzure(registryOf(found))
      ? `az aks check-acr --name <cluster> --resource-group <group> --acr ${word(registryOf(found), 'registry')}`
      : describe(found.signal.name);
  },
  canMend: true,
};

const nodeOf = (pod: unknown): string => text(field(pod, 'spec', 'nodeName'));

const isPulled = (pod: unknown): boolean =>
  list(field(pod, 'status', 'containerStatuses')).some(
    (status) => text(field(status, 'imageID')) !== '' || number(field(status, 'restartCount')) > 0,
  );

/** The node whose pods alone cannot pull, while pods of the same template on others can. */
function onlyNode({ troubled }: Found): string | undefined {
  const failing = new Set(troubled.pods.filter((pod) => !isPulled(pod)).map(nodeOf));
  const pulled = troubled.pods.filter(isPulled).map(nodeOf);
  const [node = ''] = failing;
  return failing.size === 1 && node !== '' && pulled.some((each) => each !== node) ? node : undefined;
}

/** What keeps nodes from a registry. */
export const registryCauses: readonly Cause[] = [unreachable, firewall, role];
