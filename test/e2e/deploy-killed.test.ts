import { startDeployRuns } from '../bench/deploy-runs.ts';
import { killedDeploys } from '../cases/killed-deploys.ts';

describe('HelmReleaseDeploy that is killed', () => killedDeploys(startDeployRuns, 11, 1, 6));
