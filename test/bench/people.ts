import { setTimeout as delay } from 'node:timers/promises';
import type { JobOptions } from '../agent/index.ts';
import { kubernetesAudience, type Azure, type Identity } from '../azure/index.ts';
import { Administrator } from './administrator.ts';
import { clusterName, userRole, writerRole } from './cluster-pipeline.ts';
import { azureConnection } from './connections.ts';
import { loginServer } from './pipeline.ts';
import type { ReleasePipeline } from './release-pipeline.ts';

/** What an identity may do in the cluster: its Azure role, which the small API server knows, and its ClusterRole. */
const rights = {
  writer: { azureRole: writerRole, clusterRole: 'edit' },
  reader: { azureRole: 'Azure Kubernetes Service RBAC Reader', clusterRole: 'view' },
  owner: { azureRole: 'Azure Kubernetes Service RBAC Cluster Admin', clusterRole: 'cluster-admin' },
  /** A role of Contoso's own, which has no Leases. */
  leaseless: { azureRole: 'Contoso Deployer', clusterRole: 'contoso-deployer' },
} as const;
type Person = keyof typeof rights;
const persons = Object.keys(rights) as Person[];

const group = 'rbac.authorization.k8s.io';
const contosoDeployer = {
  metadata: { name: rights.leaseless.clusterRole },
  rules: [
    { apiGroups: ['', 'apps', 'batch', 'autoscaling', 'networking.k8s.io'], resources: ['*'], verbs: ['*'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews'], verbs: ['create'] },
  ],
};

/** Identities with different rights in the cluster, each with a connection of the job: `contoso-writer` and so on. */
export class People {
  readonly #identities = new Map<Person, Identity<'federated'>>();

  /** For the option `job` of a pipeline. */
  readonly job = (azure: Azure): JobOptions => {
    for (const person of persons) {
      const roles = [
        { role: userRole, scope: clusterName },
        { role: rights[person].azureRole, scope: clusterName },
        { role: 'AcrPull', scope: loginServer },
      ];
      this.#identities.set(person, azure.identities.add({ kind: 'federated', roles }));
    }
    const connections = [...this.#identities].map(([person, identity]) => {
      return { ...azureConnection(identity), name: `contoso-${person}` };
    });
    return { serviceConnections: connections };
  };

  /** Gives them their rights with Kubernetes RBAC, too. */
  async admit({ azure, cluster, administrator }: ReleasePipeline): Promise<void> {
    await administrator.create(`/apis/${group}/v1/clusterroles`, contosoDeployer);
    for (const [person, { objectId }] of this.#identities) {
      await administrator.create(`/apis/${group}/v1/clusterrolebindings`, {
        metadata: { name: `contoso-${person}` },
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: rights[person].clusterRole },
        subjects: [{ apiGroup: group, kind: 'User', name: objectId }],
      });
    }
    for (const identity of this.#identities.values()) {
      const own = new Administrator(azure, cluster, azure.accessTokens.issue(identity, kubernetesAudience));
      while (!(await mayListPods(own))) await delay(20);
    }
  }
}

/** An API server learns of new bindings a moment after it took them. */
async function mayListPods(own: Administrator): Promise<boolean> {
  const spec = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'shop' } };
  const review = await own.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec });
  return (review['status'] as { allowed: boolean }).allowed;
}
