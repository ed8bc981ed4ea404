import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { basicsOfDeploy } from '../cases/release-basics.ts';

describe('HelmReleaseDeploy: its shortest uses', () => basicsOfDeploy(startReleasePipeline));
