import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ServiceConnection } from '../agent/index.ts';
import type { Azure, Cluster, EmulatedRegistry, Identity } from '../azure/index.ts';
import { person } from '../azure/devops/index.ts';
import { azureConnection, devOpsConnection } from '../bench/connections.ts';
import { startCluster, type RealCluster } from '../real/cluster/index.ts';
import { realProgram, type ProgramId } from '../real/index.ts';
import { addNamedBy } from './environment-files.ts';
import type { Named, NamedConnection } from './named.ts';

const userRole = 'Azure Kubernetes Service Cluster User Role';
const deployerRole = 'Azure Kubernetes Service RBAC Cluster Admin';

export interface WorldOptions {
  /** Whether a real control plane stands behind each cluster's name, which takes its programs; no if absent. */
  readonly realClusters?: boolean;
  /** Programs on the agents' PATH, beside those of this machine. */
  readonly programs: readonly ProgramId[];
  /** Whether the clusters know Entra, so that access takes kubelogin; yes if absent. */
  readonly entra?: boolean;
  /**
   * Where the files lie of which steps make environments. Given: no environment is made here, only whom and what these files name;
   * absent: those that jobs deploy to are made, without checks.
   */
  readonly sources?: string;
}

/** What pipelines name, made in the played Azure: nothing more is there, and every identity may do what its steps need. */
export class World {
  readonly registries = new Map<string, EmulatedRegistry>();
  readonly clusters = new Map<string, Cluster>();
  readonly identities = new Map<string, Identity>();
  /** What was made, a line each, for people. */
  readonly made: string[] = [];
  readonly #realClusters: RealCluster[] = [];

  private constructor(readonly azure: Azure) {}

  /** Makes the world, and has the organisation's agents work in it. Close it before the Azure. */
  static async make(azure: Azure, named: Named, options: WorldOptions): Promise<World> {
    const world = new World(azure);
    const { entra = true } = options;
    for (const server of named.registries) world.registries.set(server, azure.registry(server));
    for (const { name, resourceGroup } of named.clusters) {
      world.clusters.set(name, azure.cluster(name, { resourceGroup, entra }));
    }
    const connections = named.connections.map((connection) => world.#connect(connection));
    const { sources } = options;
    if (sources === undefined) world.#addEnvironments(named.environments);
    else world.#letEnvironmentsBeMade(named, sources);
    for (const name of named.variableGroups) {
      azure.organization.variableGroups.push({ name, variables: {}, secrets: {} });
    }
    if (options.realClusters === true) await world.#startClusters(named.connections);
    const PATH = await pathOf(options.programs);
    const environment = { ...azure.environment, PATH };
    azure.organization.agent = () => Promise.resolve({ serviceConnections: connections, environment });
    return world;
  }

  /** Takes every role on a cluster or registry away from a connection's identity. */
  takeRoles(connection: string, scope: string): void {
    const { roles } = this.identities.get(connection) ?? {};
    if (roles === undefined) throw new Error(`Nobody made a connection ${connection}.`);
    roles.splice(0, roles.length, ...roles.filter((role) => role.scope !== scope));
  }

  async close(): Promise<void> {
    for (const cluster of this.#realClusters) await cluster.close();
  }

  #addEnvironments(names: readonly string[]): void {
    for (const name of names) {
      this.azure.organization.environments.add(name);
      this.made.push(`environment ${name}`);
    }
  }

  /** By the connection that a step names for it, else by the job. */
  #letEnvironmentsBeMade({ environmentFiles, connections }: Named, sources: string): void {
    const { organization } = this.azure;
    for (const file of environmentFiles) this.made.push(...addNamedBy(file, sources, organization));
    if (connections.some(({ managesEnvironments }) => managesEnvironments)) return;
    organization.environmentCreators.add(organization.buildService.id);
    this.made.push("the role Creator of environments of the job's own identity");
  }

  #connect({ name, pulls, pushes, clusters, managesEnvironments }: NamedConnection): ServiceConnection {
    const roles = [
      ...[...pushes].map((scope) => ({ role: 'AcrPush', scope })),
      ...[...pulls].filter((server) => !pushes.has(server)).map((scope) => ({ role: 'AcrPull', scope })),
      ...[...clusters].flatMap((scope) => [userRole, deployerRole].map((role) => ({ role, scope }))),
    ];
    const identity = this.azure.identities.add({ kind: 'federated', roles });
    this.identities.set(name, identity);
    this.made.push(`service connection ${name}, a federated identity`);
    for (const { role, scope } of roles) this.made.push(`its role ${role} on ${scope}`);
    if (!managesEnvironments) return { ...azureConnection(identity), name };
    const { people, environmentCreators } = this.azure.organization;
    environmentCreators.add(people.add({ ...person(name), id: identity.objectId }).id);
    this.made.push('its role Creator of environments, as a user of the organisation');
    return { ...(roles.length === 0 ? devOpsConnection(identity) : azureConnection(identity)), name };
  }

  async #startClusters(connections: readonly NamedConnection[]): Promise<void> {
    for (const cluster of this.clusters.values()) {
      const real = await startCluster(this.azure, cluster, true);
      this.#realClusters.push(real);
      for (const { name, clusters } of connections) {
        const identity = this.identities.get(name);
        if (identity !== undefined && clusters.has(cluster.name)) await real.bind(identity.objectId, 'cluster-admin');
      }
    }
  }
}

/** The programs, then the folders of this machine's PATH that have none of them. */
async function pathOf(programs: readonly ProgramId[]): Promise<string> {
  const folders = await Promise.all(programs.map(async (id) => path.dirname(await realProgram(id))));
  const others = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => {
    return folder !== '' && !['helm', 'kubelogin'].some((name) => existsSync(path.join(folder, name)));
  });
  return [...folders, ...others].join(path.delimiter);
}
