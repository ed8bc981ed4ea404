import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { rightsOfDeploy } from '../cases/release-rights.ts';

describe('HelmReleaseDeploy: rights and namespaces', () => rightsOfDeploy(startReleasePipeline));
