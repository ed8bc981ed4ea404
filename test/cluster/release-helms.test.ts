import { helmsOfDeploy } from '../cases/release-helms.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: with each helm', () =>
  helmsOfDeploy(startRealReleasePipeline, ['helm-3.17', 'helm-4.3']));
