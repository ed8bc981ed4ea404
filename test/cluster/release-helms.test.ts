import { helms } from '../bench/helms.ts';
import { helmsOfDeploy } from '../cases/release-helms.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: with each helm', () =>
  helmsOfDeploy(startRealReleasePipeline, helms));
