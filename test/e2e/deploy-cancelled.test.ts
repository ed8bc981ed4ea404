import { startDeployRuns } from '../bench/deploy-runs.ts';
import { cancelledDeploys } from '../cases/cancelled-deploy.ts';

describe('HelmReleaseDeploy that is cancelled', () => cancelledDeploys(startDeployRuns, 4));
