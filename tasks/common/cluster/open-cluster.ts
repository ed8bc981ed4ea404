import type { CredentialRequest } from '../aks/credential-request.ts';
import { fetchKubeconfig } from '../aks/credentials.ts';
import { azureCredential } from '../azure/index.ts';
import { checkAudience, execEntry, type ExecEntry } from '../kubelogin/exec-entry.ts';
import { kubeloginSignIn } from '../kubelogin/sign-in.ts';
import type { NetworkContext } from '../network/index.ts';
import type { ServiceConnection } from '../task/connection.ts';
import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { lookForTool } from '../tools/index.ts';
import { readKubeconfig, type ClusterAccess } from './read-kubeconfig.ts';

/** A cluster that a step works in: how it is reached and who the step is there. */
export interface OpenCluster {
  readonly access: ClusterAccess;
  /** How tokens are had; undefined for a local account. */
  readonly exec: ExecEntry | undefined;
  /** The proxy on the way to the API server. */
  readonly proxyUrl: string | undefined;
  /** Name of the kubeconfig's context. */
  readonly context: string;
  /** The kubeconfig's own default namespace. */
  readonly namespace: string | undefined;
  /** The tenant of the service connection, where there is one and it says so. */
  readonly tenantId: string | undefined;
  /** The input that chooses among the API server's names (public or private), if the step has one. */
  readonly nameInput?: string;
}

export interface ClusterRequest {
  readonly credential: CredentialRequest;
  /** The application whose tokens the cluster takes, if it is not AKS's own. */
  readonly serverAppId: Given<string | undefined>;
  readonly connection: ServiceConnection;
}

type OpenContext = NetworkContext &
  Pick<TaskContext, 'exec' | 'job' | 'jobFolder' | 'privateFolder' | 'maskSecret' | 'prependPath' | 'variable'>;

/**
 * Opens an AKS cluster as a service connection: its kubeconfig comes from Azure Resource Manager and is checked, since it is
 * foreign text; kubelogin makes the entry that signs in.
 * @throws TaskError with the cause and what to do about it.
 */
export async function openCluster(request: ClusterRequest, context: OpenContext): Promise<OpenCluster> {
  const { connection, serverAppId } = request;
  const { admin, serverFqdn } = request.credential;
  const credential = azureCredential(connection, context);
  // Its version is asked for while Azure answers. A cluster's own administrator needs none.
  const kubelogin = admin.value ? undefined : lookForTool('kubelogin', context);
  const fetched = await fetchKubeconfig(request.credential, credential, context);
  const access = readKubeconfig(fetched, (secret) => context.maskSecret(secret));
  if (access.user.kind === 'entra') checkAudience(access.user, serverAppId);
  return {
    access,
    exec: await entraEntry(),
    proxyUrl: proxyFor(access.server, context),
    context: admin.value ? `${access.cluster}-admin` : access.cluster,
    namespace: undefined,
    tenantId: credential.tenantId,
    nameInput: serverFqdn.input,
  };

  async function entraEntry(): Promise<ExecEntry | undefined> {
    if (access.user.kind !== 'entra') return undefined;
    const signIn = await kubeloginSignIn(connection, access.user.tenantId, credential.cloud, context);
    const { path: program } = await (kubelogin ?? lookForTool('kubelogin', context))(signIn.kubelogin);
    return execEntry(access.user, signIn, program, context);
  }
}

/** The agent's proxy, if requests to this server go through it. Later steps may not know it, so kubeconfigs name it. */
export function proxyFor(server: string, { network }: Pick<TaskContext, 'network'>): string | undefined {
  return network.bypassesProxy(new URL(server)) ? undefined : network.proxyUrl?.href;
}
