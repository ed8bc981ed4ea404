import type { ApiServerClient } from './api-server-client.ts';
import type { KeptPrograms } from './kept-programs.ts';

const authorization = '/apis/rbac.authorization.k8s.io/v1';

/** A running control plane. */
export class RealCluster {
  /** A kubeconfig of its administrator, which leads to it past every proxy. */
  readonly adminKubeconfig: string;
  readonly #programs: KeptPrograms;
  readonly #client: ApiServerClient;

  /** Use `startCluster`. */
  constructor(programs: KeptPrograms, client: ApiServerClient, adminKubeconfig: string) {
    this.#programs = programs;
    this.#client = client;
    this.adminKubeconfig = adminKubeconfig;
  }

  /** Gives a user, as AKS an object id of Entra, a role in the whole cluster. The role must let it read pods. */
  async bind(user: string, clusterRole: string): Promise<void> {
    await this.#client.create(`${authorization}/clusterrolebindings`, {
      metadata: { generateName: `${clusterRole}-` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    });
    // The API server learns of new bindings a moment after it took them.
    while (!(await this.#mayReadPods(user)));
  }

  /** Whom the API server takes the bearer of a token for; undefined if it does not accept the token. */
  async userOf(token: string): Promise<string | undefined> {
    const review = await this.#client.create('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } });
    const { status } = JSON.parse(review) as { status: { user: { username?: string } } };
    return status.user.username;
  }

  /** Stops it and removes what it wrote. */
  close(): Promise<void> {
    return this.#programs.close();
  }

  async #mayReadPods(user: string): Promise<boolean> {
    const review = await this.#client.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      spec: { user, resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } },
    });
    const { status } = JSON.parse(review) as { status: { allowed: boolean } };
    return status.allowed;
  }
}
