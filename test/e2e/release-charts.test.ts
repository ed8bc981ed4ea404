import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { chartsOfDeploy } from '../cases/release-charts.ts';

describe('HelmReleaseDeploy: where charts come from', () => chartsOfDeploy(startReleasePipeline));
