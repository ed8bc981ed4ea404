import { adminRole, userRole, writerRole, type ClusterPipelineOptions } from '../../test/bench/cluster-pipeline.ts';
import { realProgram } from '../../test/real/index.ts';
import { detail } from './timeline.ts';

/** As whom jobs work in the cluster, and which programs that takes. */
export interface ClusterUser extends Required<Pick<ClusterPipelineOptions, 'roles' | 'programs'>> {
  readonly useClusterAdmin: boolean;
}

/** The connection's identity by kubelogin; where that cannot be had, it says so, and it is the cluster's administrator. */
export async function clusterUser(): Promise<ClusterUser> {
  try {
    await realProgram('kubelogin');
    return { roles: [userRole, writerRole], programs: ['kubelogin'], useClusterAdmin: false };
  } catch (error) {
    detail('no kubelogin', error instanceof Error ? error.message : String(error));
    detail('so', "the jobs use the cluster's own administrator, which needs none");
    return { roles: [adminRole], programs: [], useClusterAdmin: true };
  }
}
