import {
  releasePipelineOn,
  releasePrograms,
  type ReleasePipeline,
  type ReleasePipelineOptions,
} from '../bench/release-pipeline.ts';
import {
  startRealClusterPipeline,
  type RealClusterOptions,
  type RealClusterPipeline,
} from './real-cluster-pipeline.ts';

/** The same as `startReleasePipeline`, with a real control plane, whose requests can be seen and disturbed too. */
export async function startRealReleasePipeline(
  options: ReleasePipelineOptions & RealClusterOptions = {},
): Promise<ReleasePipeline & RealClusterPipeline> {
  const pipeline = await startRealClusterPipeline({ relayed: true, ...releasePrograms(options) });
  return releasePipelineOn(pipeline, options);
}
