import { startReleasePipeline } from '../bench/release-pipeline.ts';
import { reportsOfDeploy } from '../cases/release-report.ts';

describe('HelmReleaseDeploy: where it tells why it failed', () => reportsOfDeploy(startReleasePipeline));
