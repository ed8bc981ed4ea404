import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkedNamespace, checkedServerAppId, credentialRequest } from '../common/aks/credential-request.ts';
import { type OpenCluster, openCluster } from '../common/cluster/open-cluster.ts';
import { verifyAccess } from '../common/cluster/proof.ts';
import { kubeconfigText } from '../common/cluster/write-kubeconfig.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { credentialInputs, proofSecondsOf } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { kubeconfigVariables } from './kubeconfig-variables.ts';

/** Leaves a kubeconfig for the later steps of the job, with everything in it that kubectl and helm need. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const namespace = checkedNamespace(given(inputs, 'namespace'));
  const serverAppId = checkedServerAppId(given(inputs, 'serverAppId'));
  const seconds = proofSecondsOf(inputs);
  const variables = kubeconfigVariables(context);
  const connection = context.connection(inputs.azureSubscription, 'azureSubscription');
  const credential = credentialRequest(credentialInputs(inputs), connection);
  const cluster = await openCluster({ credential, serverAppId, connection }, context);
  const kubeconfigPath = path.join(context.jobFolder(), 'kubeconfig');
  const text = kubeconfigText(cluster.access, { ...cluster, namespace });
  writeFileSync(kubeconfigPath, text, { mode: 0o600, flag: 'wx' });
  const proof = { cluster, namespace: namespace ?? 'default', seconds };
  const user = inputs.verifyAccess ? await verifyAccess(proof, context) : undefined;
  context.setOutput('kubeconfigPath', kubeconfigPath);
  context.setForeignOutput('clusterContext', cluster.context);
  context.setForeignOutput('apiServerUrl', cluster.access.server);
  for (const name of variables) context.setPathVariable(name, kubeconfigPath);
  return summary(cluster, inputs.verifyAccess, user);
}

function summary({ access: { cluster, server } }: OpenCluster, verified: boolean, user: string | undefined): string {
  const who = user === undefined ? '' : ` as ${user}`;
  const proof = verified ? '' : ' Access was not verified.';
  return `kubectl and helm of this job now use ${cluster} (${new URL(server).hostname})${who}.${proof}`;
}
