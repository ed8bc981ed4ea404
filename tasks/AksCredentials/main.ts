import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { azureCredential } from '../common/azure/index.ts';
import { checkAudience, execEntry, type ExecEntry } from '../common/kubelogin/exec-entry.ts';
import { fetchKubeconfig } from '../common/aks/credentials.ts';
import { kubeconfigText } from '../common/cluster/write-kubeconfig.ts';
import { kubeloginSignIn } from '../common/kubelogin/sign-in.ts';
import { readKubeconfig, type ClusterAccess } from '../common/cluster/read-kubeconfig.ts';
import { verifyAccess } from '../common/cluster/proof.ts';
import type { TaskContext } from '../common/task/context.ts';
import { lookForTool } from '../common/tools/index.ts';
import { credentialRequest, namespaceOf, proofSecondsOf, serverAppIdOf } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { kubeconfigVariables } from './kubeconfig-variables.ts';

/** Leaves a kubeconfig for the later steps of the job, with everything in it that kubectl and helm need. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const [namespace, serverAppId, seconds] = [namespaceOf(inputs), serverAppIdOf(inputs), proofSecondsOf(inputs)];
  const variables = kubeconfigVariables(context);
  const connection = context.connection(inputs.azureSubscription, 'azureSubscription');
  const request = credentialRequest(inputs, connection);
  const credential = azureCredential(connection, context);
  // Its version is asked for while Azure answers. A cluster's own administrator needs none.
  const kubelogin = request.admin ? undefined : lookForTool('kubelogin', context);
  const fetched = await fetchKubeconfig(request, credential, context);
  const access = readKubeconfig(fetched, (secret) => context.maskSecret(secret));
  if (access.user.kind === 'entra') checkAudience(access.user, serverAppId);
  const exec = await entraEntry(access);
  const clusterContext = request.admin ? `${access.cluster}-admin` : access.cluster;
  const proxyUrl = proxyFor(access.server, context);
  const kubeconfigPath = path.join(context.jobFolder(), 'kubeconfig');
  const text = kubeconfigText(access, { context: clusterContext, namespace, proxyUrl, exec });
  writeFileSync(kubeconfigPath, text, { mode: 0o600, flag: 'wx' });
  const proof = {
    access,
    exec,
    proxyUrl,
    namespace: namespace ?? 'default',
    tenantId: credential.tenantId,
    seconds,
  };
  const user = inputs.verifyAccess ? await verifyAccess(proof, context) : undefined;
  context.setOutput('kubeconfigPath', kubeconfigPath);
  context.setForeignOutput('clusterContext', clusterContext);
  context.setForeignOutput('apiServerUrl', access.server);
  for (const name of variables) context.setPathVariable(name, kubeconfigPath);
  return summary(access, inputs.verifyAccess, user);

  async function entraEntry({ user: entra }: ClusterAccess): Promise<ExecEntry | undefined> {
    if (entra.kind === 'local') return undefined;
    const signIn = await kubeloginSignIn(connection, entra.tenantId, credential.cloud, context);
    const { path: program } = await (kubelogin ?? lookForTool('kubelogin', context))(signIn.kubelogin);
    return execEntry(entra, signIn, program, context);
  }
}

/** The later steps may not know the agent's own proxy, so the kubeconfig names it. */
function proxyFor(server: string, { network }: TaskContext<Output>): string | undefined {
  return network.bypassesProxy(new URL(server)) ? undefined : network.proxyUrl?.href;
}

function summary({ cluster, server }: ClusterAccess, verified: boolean, user: string | undefined): string {
  const who = user === undefined ? '' : ` as ${user}`;
  const proof = verified ? '' : ' Access was not verified.';
  return `kubectl and helm of this job now use ${cluster} (${new URL(server).hostname})${who}.${proof}`;
}
