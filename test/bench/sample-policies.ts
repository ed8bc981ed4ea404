/** A Deployment whose container is privileged, a Service, and a pod that is a hook. */
export const ordersManifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - { name: web, image: 'contoso.azurecr.io/orders:1.0.0', securityContext: { privileged: true } }
---
apiVersion: v1
kind: Service
metadata: { name: orders }
spec: { selector: { app: orders }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: migrate, annotations: { helm.sh/hook: pre-install } }
spec: { containers: [{ name: migrate, image: 'contoso.azurecr.io/migrate:1.0.0' }] }
`;

const pods = 'resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods] }]';

/** A ValidatingPolicy of Kyverno against privileged containers. @param spec more of its fields, in YAML's flow style */
export const noPrivileged = (name: string, spec = 'validationActions: [Deny]'): string => `
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: { name: ${name} }
spec:
  ${spec}
  matchConstraints: { ${pods} }
  validations:
    - message: Privileged containers are not allowed.
      expression: object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)
`;

/** A ClusterPolicy with one rule. @param rule its fields beside the name, in YAML's flow style */
export const clusterPolicy = (name: string, rule: string, spec = ''): string => `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: ${name} }
spec: { ${spec} rules: [{ name: only, ${rule} }] }
`;

/** A rule of a ClusterPolicy that no Service passes. */
export const noServices =
  'match: { any: [{ resources: { kinds: [Service] } }] }, validate: { message: No Services., deny: {} }';

/** Gatekeeper's template of constraints against privileged containers. @param rego its code */
export const privilegedTemplate = (
  rego = `violation[{"msg": msg}] {
        c := input.review.object.spec.containers[_]
        c.securityContext.privileged
        msg := sprintf("The container %v is privileged.", [c.name])
      }`,
): string => `
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: { name: k8snoprivileged }
spec:
  crd: { spec: { names: { kind: K8sNoPrivileged } } }
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package k8snoprivileged
        ${rego.replaceAll('\n', '\n  ')}
`;

/** A constraint on pods. @param spec more of its fields @param match more of its scope, both in YAML's flow style */
export const constraint = (name: string, { spec = '', match = '' } = {}): string => `
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sNoPrivileged
metadata: { name: ${name} }
spec: { ${spec} match: { kinds: [{ apiGroups: [''], kinds: [Pod] }] ${match} } }
`;
