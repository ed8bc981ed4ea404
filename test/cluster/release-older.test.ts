import { olderRuns } from '../cases/release-older.ts';
import { startRealReleasePipeline } from './real-release-pipeline.ts';

describe('HelmReleaseDeploy on a real control plane: CI runs that come late', () =>
  olderRuns(startRealReleasePipeline));
