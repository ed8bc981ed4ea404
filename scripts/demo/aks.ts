import type { Azure, Cluster } from '../../test/azure/index.ts';
import { startClusterJob, type ClusterPipeline } from '../../test/bench/cluster-pipeline.ts';
import type { ClusterUser } from './cluster-user.ts';
import { chapter, columns, detail, told } from './timeline.ts';

/**
 * Gives a job access to the cluster of `azure`, and shows that the real kubectl and helm use it in a plain script step, with
 * nothing mapped into it, also when the first token has expired: they tell the history of the two releases.
 */
export async function useCluster(azure: Azure, cluster: Cluster, user: ClusterUser): Promise<void> {
  chapter('A job gets access to the AKS cluster; plain scripts look at the releases');
  const programs = [...user.programs, 'kubectl', 'helm-4.2'] as const;
  const pipeline = await startClusterJob(azure, cluster, { ...user, programs });
  try {
    // So short that kubelogin must renew it whenever it is asked.
    azure.accessTokens.life = 60;
    azure.job.oidcTokenLife = 10;
    const inputs = { namespace: 'default', useClusterAdmin: String(user.useClusterAdmin) };
    told('AksCredentials@1', await pipeline.fetch(inputs, { name: 'aks' }));
    await script(pipeline, 'qa', 'app-qa');
    if (!user.useClusterAdmin) {
      chapter('Its token and the OIDC token behind it have expired; nobody signs in again');
      azure.accessTokens.expireAll();
    }
    await script(pipeline, 'production', 'app-prod');
    await pipeline.job.finish();
    const left = await pipeline.job.secretsOnDisk();
    if (left.length > 0) throw new Error(`The job left secrets behind: ${left.map(({ place }) => place).join(', ')}.`);
    detail('after the job', 'no kubeconfig, no token, no secret on disk');
  } finally {
    azure.accessTokens.life = 3600;
    azure.job.oidcTokenLife = 600;
    await pipeline.close();
  }
}

/** A bash step without `env:`. */
async function script({ job }: ClusterPipeline, name: string, namespace: string): Promise<void> {
  const whoAmI = 'kubectl auth whoami --output=jsonpath={.status.userInfo.username}';
  const history = `helm history go-template-app --namespace ${namespace}`;
  const step = told('bash', await job.runScript({ name, script: `${whoAmI}\necho\n${history}` }));
  const [user = '', ...rows] = step.log.filter((line) => line.trim() !== '');
  detail('kubectl whoami', user);
  columns(
    'helm history',
    rows.map((row) => row.split('\t').map((cell) => cell.trim())),
  );
}
