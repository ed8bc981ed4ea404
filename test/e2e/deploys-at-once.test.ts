import { startDeployRuns } from '../bench/deploy-runs.ts';
import { deploysAtOnce } from '../cases/deploys-at-once.ts';

describe('HelmReleaseDeploy, several at once', () => deploysAtOnce(startDeployRuns));
