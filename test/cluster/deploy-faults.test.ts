import { cancelledDeploys } from '../cases/cancelled-deploy.ts';
import { deploysAtOnce } from '../cases/deploys-at-once.ts';
import { frozenDeploys } from '../cases/frozen-deploy.ts';
import { killedDeploys } from '../cases/killed-deploys.ts';
import { controlPlane } from '../real/cluster/index.ts';
import { startRealDeployRuns } from './real-deploy-runs.ts';

describe('HelmReleaseDeploy on a real control plane', () => {
  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
  });
  describe('that is killed', () => killedDeploys(startRealDeployRuns, 7, 2));
  describe('that stood still', () => frozenDeploys(startRealDeployRuns));
  describe('several at once', () => deploysAtOnce(startRealDeployRuns));
  describe('that is cancelled', () => cancelledDeploys(startRealDeployRuns));
});
