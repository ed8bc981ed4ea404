import { KubernetesClient } from '../common/cluster/client.ts';
import { clusterNames, openNamedCluster } from '../common/cluster/named-cluster.ts';
import { liesBesidePolicies } from '../common/policy/beside-policies.ts';
import { clusterDocuments, clusterLabels } from '../common/policy/cluster-policies.ts';
import type { Engine } from '../common/policy/engine.ts';
import { gator } from '../common/policy/gatekeeper/gator.ts';
import { gatekeeperPolicies } from '../common/policy/gatekeeper/policies.ts';
import { kyverno } from '../common/policy/kyverno/kyverno.ts';
import { kyvernoPolicies } from '../common/policy/kyverno/policies.ts';
import { itemsOf, type ManifestDocument } from '../common/policy/manifest.ts';
import type { NamespaceLabels } from '../common/policy/namespaces.ts';
import { textAt } from '../common/policy/objects.ts';
import type { PolicySet } from '../common/policy/policies.ts';
import { documentsOf } from '../common/policy/policy-files.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import { printable, shortened, shown } from '../common/text/shown.ts';
import { ensureTool } from '../common/tools/index.ts';
import type { Checked } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';

type Context = TaskContext<Output>;

/** Files that stand beside policies and are none. */
const besidePolicies = [
  'kustomization.yaml',
  'kustomization.yml',
  'kyverno-test.yaml',
  'artifacthub-pkg.yml',
  'chainsaw-test.yaml',
  'suite.yaml',
];

/** Policies, with what is known of the namespaces that they choose by labels. */
export interface Rules extends PolicySet {
  readonly labels: NamespaceLabels;
}

/** The policies that the inputs name. @throws TaskError when there are none, or one of them is none */
export async function rulesOf(inputs: Inputs, checked: Checked, context: Context): Promise<Rules> {
  const { documents, labels } = checked.isOfCluster
    ? await inCluster(inputs, checked, context)
    : { documents: await inFiles(inputs, context), labels: checked.labels };
  const set = inputs.engine === 'kyverno' ? kyvernoPolicies(documents) : gatekeeperPolicies(documents);
  if (set.policies.length > 0) return { ...set, labels };
  throw new TaskError('Input policies names no policy, so nothing would be checked.');
}

async function inFiles({ policies }: Inputs, context: Context): Promise<ManifestDocument[]> {
  const rules = { passedOver: besidePolicies, needed: 'policy' };
  const documents = await documentsOf({ input: 'policies', value: policies }, rules, context);
  const single = documents.flatMap((document) => itemsOf(document));
  const beside = single.filter(({ isNamed, value }) => !isNamed && liesBesidePolicies(value));
  if (beside.length > 0) context.log.info(`Input policies: ${besideText(beside)}`);
  return single.filter((document) => !beside.includes(document));
}

/** Such as `passed over 3 documents that are no policies (Pod, Test), such as policies/samples/pod.yaml.` */
function besideText(documents: readonly ManifestDocument[]): string {
  const kinds = [...new Set(documents.map(({ value }) => textAt(value, 'kind')))].sort();
  const count =
    documents.length === 1 ? '1 document that is no policy' : `${documents.length} documents that are no policies`;
  return `passed over ${count} (${shortened(printable(kinds.join(', ')), 200)}), such as ${shown(documents[0]?.source ?? '')}.`;
}

async function inCluster(
  inputs: Inputs,
  { namespace, labels }: Checked,
  context: Context,
): Promise<{ documents: ManifestDocument[]; labels: NamespaceLabels }> {
  const cluster = await openNamedCluster(clusterNames(inputs), context);
  const client = new KubernetesClient(cluster, context);
  try {
    const { host } = new URL(cluster.access.server);
    const documents = await clusterDocuments(inputs.engine, namespace, client, host);
    const own = { ...(await clusterLabels(namespace, client)), ...labels.get(namespace) };
    return { documents, labels: new Map([[namespace, own]]) };
  } finally {
    client.close();
  }
}

/** The program that judges by policies. @throws TaskError when there is none on the agent and none can be installed */
export async function engineOf({ engine }: Inputs, rules: Rules, context: Context): Promise<Engine> {
  const { path } =
    engine === 'kyverno'
      ? await ensureTool('kyverno', '>=1.19.0', context)
      : await ensureTool('gator', '>=3.23.0', context);
  return (engine === 'kyverno' ? kyverno : gator)(path, rules, rules.labels, context);
}
