import { helmsOfDeploy } from '../cases/release-helms.ts';
import { startReleasePipeline } from '../bench/release-pipeline.ts';

describe('HelmReleaseDeploy: with each helm', () => helmsOfDeploy(startReleasePipeline, ['helm-3.17', 'helm-4.3']));
