import { startClusterPipeline } from '../bench/cluster-pipeline.ts';
import { laterSteps } from '../cases/aks-later-steps.ts';

describe('AksCredentials: what later steps can do', () => laterSteps(startClusterPipeline));
