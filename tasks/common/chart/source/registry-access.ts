import { cloudOf } from '../../azure/index.ts';
import {
  type ChartRegistry,
  type ChosenConnection,
  openPublicRegistry,
  openRegistryAs,
  registryOf,
} from '../../registry/index.ts';
import { isAzureLoginServer } from '../../registry/reference.ts';
import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import type { DependencyConnection } from '../dependencies/sign-in.ts';

/** The inputs that say as whom a chart's registry is asked. */
export interface ChartConnections {
  /** The cluster's own connection, an Azure Resource Manager one: it serves the registry too where no other is given. */
  readonly azureSubscription: Given<string | undefined>;
  /** An Azure Resource Manager connection for the registry. */
  readonly registryConnection: Given<string | undefined>;
  /** A Docker registry connection. */
  readonly containerRegistry: Given<string | undefined>;
  /** The login server that gets the sign-in. */
  readonly registry: Given<string | undefined>;
}

/** Who asks the registries of a step. */
export class RegistryAccess {
  readonly #registry: Given<string | undefined>;
  readonly #context: TaskContext;
  readonly #chosen: ChosenConnection | undefined;
  /** Whether the connection is given for registries, and not for the cluster alone. */
  readonly #isForRegistry: boolean;

  /** @throws TaskError when two connections are given for the registry, or the agent lacks the one that is */
  constructor(connections: ChartConnections, context: TaskContext) {
    this.#registry = connections.registry;
    this.#context = context;
    this.#chosen = chosen(connections, context);
    this.#isForRegistry =
      connections.registryConnection.value !== undefined || connections.containerRegistry.value !== undefined;
  }

  /**
   * The registry that a reference names. Without input `registry` the reference decides among those that may see our
   * sign-in anyway: Azure's, in the cloud of the connection. The cluster's connection is not for others, which are asked
   * for what they give to everybody.
   * @param input the one that holds the reference
   * @throws TaskError when inputs, connection and reference do not agree
   */
  open(input: string, loginServer: string): ChartRegistry {
    const referred = { input, loginServer, mayName: 'registry of Azure' } as const;
    const connection = this.#chosen;
    if (connection === undefined) return openPublicRegistry(this.#registry, this.#context, referred);
    if (this.#isForRegistry || this.#registry.value !== undefined || isOfCloud(loginServer, connection)) {
      return openRegistryAs(connection, this.#registry, this.#context, referred);
    }
    this.#context.log.info(
      `${loginServer} is no registry of the connection's cloud, so it is asked without a sign-in for what everybody gets.`,
    );
    return openPublicRegistry(this.#registry, this.#context, referred);
  }

  /** The same for the registries of dependencies, which the pipeline names. */
  forDependencies(): DependencyConnection | undefined {
    const connection = this.#chosen;
    if (connection === undefined) return undefined;
    return { kind: connection.kind, open: (registry) => openRegistryAs(connection, registry, this.#context) };
  }
}

function chosen(
  { azureSubscription, registryConnection, containerRegistry }: ChartConnections,
  context: Pick<TaskContext, 'connection'>,
): ChosenConnection | undefined {
  if (registryConnection.value !== undefined && containerRegistry.value !== undefined) {
    throw new TaskError(
      `Give at most one of the inputs ${registryConnection.input} and ${containerRegistry.input}; both are set.`,
    );
  }
  const service = ({ input, value }: Given<string | undefined>) =>
    value === undefined ? undefined : context.connection(value, input);
  const docker = service(containerRegistry);
  if (docker !== undefined) return { kind: 'docker', service: docker };
  const own = service(registryConnection);
  // The input's name does not tell the two kinds apart, so a connection of the other kind is taken for what it is.
  if (own !== undefined) return { kind: registryOf(own) === undefined ? 'azure' : 'docker', service: own };
  const ofCluster = service(azureSubscription);
  return ofCluster && { kind: 'azure', service: ofCluster };
}

function isOfCloud(loginServer: string, { service }: ChosenConnection): boolean {
  return isAzureLoginServer(loginServer) && loginServer.endsWith(cloudOf(service).registrySuffix);
}
