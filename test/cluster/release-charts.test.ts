import { chartsOfDeploy } from '../cases/release-charts.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: where charts come from', () =>
  chartsOfDeploy(startRealReleasePipeline));
