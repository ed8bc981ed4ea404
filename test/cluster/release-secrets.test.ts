import { secretsOfDeploy } from '../cases/release-secrets.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: secrets', () =>
  secretsOfDeploy(startRealReleasePipeline, ['helm-3.17', 'helm-4.3']));
