import { startDeployRuns } from '../bench/deploy-runs.ts';
import { deployOutages } from '../cases/deploy-outages.ts';

describe('HelmReleaseDeploy and an API server in trouble', () => deployOutages(startDeployRuns, 5));
