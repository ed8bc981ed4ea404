import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { olderRuns } from '../cases/release-older.ts';

describe('HelmReleaseDeploy: CI runs that come late', () => olderRuns(startReleasePipeline));
