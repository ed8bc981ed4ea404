import { helms } from '../bench/helms.ts';
import { cancelledDeploys } from '../cases/cancelled-deploy.ts';
import { deployOutages } from '../cases/deploy-outages.ts';
import { deploysAtOnce } from '../cases/deploys-at-once.ts';
import { frozenDeploys } from '../cases/frozen-deploy.ts';
import { killedDeploys } from '../cases/killed-deploys.ts';
import { helmsOfDeploy } from '../cases/release-helms.ts';
import { startRealDeployRuns } from '../cluster/real-deploy-runs.ts';
import { startRealReleasePipeline } from '../cluster/real-release-pipeline.ts';
import { controlPlane } from '../real/cluster/index.ts';

describe('HelmReleaseDeploy on a real control plane', () => {
  before(async function () {
    this.timeout(1_200_000);
    await controlPlane();
  });
  describe('that is killed', () => killedDeploys(startRealDeployRuns, 7, 3, 3));
  describe('that stood still', () => frozenDeploys(startRealDeployRuns, 2));
  describe('several at once', () => deploysAtOnce(startRealDeployRuns));
  describe('and an API server in trouble', () => deployOutages(startRealDeployRuns, 3));
  describe('with each helm', () => helmsOfDeploy(startRealReleasePipeline, helms));
  describe('that is cancelled', () => cancelledDeploys(startRealDeployRuns, 3));
});
