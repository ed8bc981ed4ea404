import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { optionsOfDeploy } from '../cases/release-options.ts';

describe('HelmReleaseDeploy: special cases', () => optionsOfDeploy(startReleasePipeline));
