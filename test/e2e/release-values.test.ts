import { valuesOfDeploy } from '../cases/release-values.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';

describe('HelmReleaseDeploy: values', () => valuesOfDeploy(startReleasePipeline, ['helm-3.17', 'helm-4.3']));
