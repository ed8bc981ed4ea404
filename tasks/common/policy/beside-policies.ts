import { type Mapping, textAt } from './objects.ts';
import { groupOf } from './scopes.ts';

/** API groups of what lies between policies to try them out: objects of Kubernetes itself, and the test formats of the engines. */
const groups: readonly string[] = [
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'policy',
  'admission.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'gateway.networking.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'chainsaw.kyverno.io',
  'cli.kyverno.io',
  'kuttl.dev',
  'test.gatekeeper.sh',
];

/** Kinds of Kubernetes that are called policies and are none of an engine. */
const notOfEngines = /^(Network|AdminNetwork|BaselineAdminNetwork|PodSecurity)Policy$/;

/**
 * Whether a document is certainly no policy: a sample or a test, as public libraries have them between their policies. One that may be
 * a policy with a wrong `apiVersion` is none of these.
 */
export function liesBesidePolicies(document: Mapping): boolean {
  const [apiVersion, kind] = [textAt(document, 'apiVersion'), textAt(document, 'kind')];
  if (apiVersion === '' || kind === '' || !groups.includes(groupOf(apiVersion))) return false;
  return notOfEngines.test(kind) || !/Polic(y|ies)|Constraint/.test(kind);
}
