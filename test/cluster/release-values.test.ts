import { valuesOfDeploy } from '../cases/release-values.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: values', () =>
  valuesOfDeploy(startRealReleasePipeline, ['helm-3.17', 'helm-4.3']));
