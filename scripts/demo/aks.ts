import type { Azure } from '../../test/azure/index.ts';
import {
  adminRole,
  startClusterPipelineOn,
  userRole,
  writerRole,
  type ClusterPipeline,
} from '../../test/bench/cluster-pipeline.ts';
import { realProgram } from '../../test/real/index.ts';
import { chapter, detail, told } from './timeline.ts';

const kubectlAndHelm = ['kubectl', 'helm-4.2'] as const;

/**
 * Gives a job access to an AKS cluster of `azure`, and shows that the real kubectl and helm use it in a plain script
 * step, with nothing mapped into it, also when the first token has expired. Where kubelogin cannot be had, it says so
 * and goes on with the cluster's administrator.
 */
export async function useCluster(azure: Azure): Promise<void> {
  chapter('A deployment job gets access to an AKS cluster');
  const hasKubelogin = await kubeloginIsThere();
  const pipeline = await startClusterPipelineOn(azure, {
    roles: hasKubelogin ? [userRole, writerRole] : [adminRole],
    programs: hasKubelogin ? ['kubelogin', ...kubectlAndHelm] : kubectlAndHelm,
  });
  try {
    // So short that kubelogin must renew it whenever it is asked.
    azure.accessTokens.life = 60;
    azure.job.oidcTokenLife = 10;
    const inputs = { namespace: 'default', useClusterAdmin: String(!hasKubelogin) };
    told('AksCredentials@1', await pipeline.fetch(inputs, { name: 'aks' }));
    await script(pipeline, 'plain');
    if (hasKubelogin) {
      chapter('Its token and the OIDC token behind it have expired; nobody signs in again');
      azure.accessTokens.expireAll();
      await script(pipeline, 'later');
    }
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

async function kubeloginIsThere(): Promise<boolean> {
  try {
    await realProgram('kubelogin');
    return true;
  } catch (error) {
    detail('no kubelogin', error instanceof Error ? error.message : String(error));
    detail('so', "the job uses the cluster's own administrator, which needs none");
    return false;
  }
}

/** A bash step without `env:`. */
async function script({ job }: ClusterPipeline, name: string): Promise<void> {
  const whoAmI = 'kubectl auth whoami --output=jsonpath={.status.userInfo.username}';
  const step = told('bash', await job.runScript({ name, script: `${whoAmI}\necho\nhelm list` }));
  const [user = '', releases = ''] = step.log.filter((line) => line !== '');
  detail('kubectl whoami', user);
  detail('helm list', releases.replace(/\s+/g, ' '));
}
