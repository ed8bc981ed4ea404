import { laterSteps } from '../cases/aks-later-steps.ts';
import { controlPlane } from '../real/cluster/index.ts';
import { startRealClusterPipeline } from './real-cluster-pipeline.ts';

describe('AksCredentials on a real control plane: what later steps can do', () => {
  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
  });
  laterSteps(startRealClusterPipeline);
});
