import { deploysAtOnce } from '../cases/deploys-at-once.ts';
import { killedDeploys } from '../cases/killed-deploys.ts';
import { controlPlane } from '../real/cluster/index.ts';
import { startRealDeployRuns } from './real-deploy-runs.ts';

// All of the faults on the real control plane are test/faults.
describe('HelmReleaseDeploy on a real control plane', () => {
  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
  });
  describe('that is killed', () => killedDeploys(startRealDeployRuns, 7, 1, 3));
  describe('several at once', () => deploysAtOnce(startRealDeployRuns));
});
