import { startClusterPipeline, type ClusterPipeline, type ClusterPipelineOptions } from '../bench/cluster-pipeline.ts';
import { startCluster, type RealCluster } from '../real/cluster/index.ts';

export interface RealClusterOptions extends ClusterPipelineOptions {
  /** The role that Kubernetes gives the connection's identity in the whole cluster; `edit` if absent, null for none. */
  readonly clusterRole?: string | null;
  /** Whether the requests to its API server are recorded and can be disturbed; not if absent. */
  readonly relayed?: boolean;
}

/** A pipeline job whose cluster is a real control plane. */
export interface RealClusterPipeline extends ClusterPipeline {
  readonly real: RealCluster;
}

/** The same as `startClusterPipeline`, with a real control plane under the cluster's name. */
export async function startRealClusterPipeline(options: RealClusterOptions = {}): Promise<RealClusterPipeline> {
  const pipeline = await startClusterPipeline(options);
  try {
    const real = await startCluster(pipeline.azure, pipeline.cluster, options.relayed);
    const { clusterRole = 'edit' } = options;
    if (clusterRole !== null) await real.bind(pipeline.identity.objectId, clusterRole);
    return { ...pipeline, real, close: () => closeAll(real, pipeline) };
  } catch (error) {
    await pipeline.close();
    throw error;
  }
}

async function closeAll(...parts: { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.close();
}
