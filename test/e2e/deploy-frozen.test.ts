import { startDeployRuns } from '../bench/deploy-runs.ts';
import { frozenDeploys } from '../cases/frozen-deploy.ts';

describe('HelmReleaseDeploy that stood still', () => frozenDeploys(startDeployRuns, 4));
