import { optionsOfDeploy } from '../cases/release-options.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: special cases', () => optionsOfDeploy(startRealReleasePipeline));
