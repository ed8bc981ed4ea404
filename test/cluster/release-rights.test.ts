import { rightsOfDeploy } from '../cases/release-rights.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: rights and namespaces', () => {
  rightsOfDeploy(startRealReleasePipeline);
});
