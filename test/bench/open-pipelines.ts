import { realProgram } from '../real/index.ts';
import { clusterPrograms, type ClusterPipeline, type ClusterPipelineOptions } from './cluster-pipeline.ts';

/** A first run may have to build the programs. */
const obtainMs = 600_000;

type Start = (options?: ClusterPipelineOptions) => Promise<ClusterPipeline>;

/** For use in a `describe`: obtains the cluster programs first, and closes after each test what it started. */
export function openPipelines(startPipeline: Start): Start {
  const open: ClusterPipeline[] = [];
  before(async function () {
    this.timeout(obtainMs);
    await Promise.all(clusterPrograms.map(realProgram));
  });
  afterEach(async () => {
    for (const pipeline of open.splice(0)) await pipeline.close();
  });
  return async (options = {}) => {
    const pipeline = await startPipeline(options);
    open.push(pipeline);
    return pipeline;
  };
}
