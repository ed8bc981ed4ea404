import { secretsOfDeploy } from '../cases/release-secrets.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';

describe('HelmReleaseDeploy: secrets', () => secretsOfDeploy(startReleasePipeline, ['helm-3.17', 'helm-4.3']));
