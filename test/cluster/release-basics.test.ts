import { basicsOfDeploy } from '../cases/release-basics.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: its shortest uses', () => {
  basicsOfDeploy(startRealReleasePipeline);
});
