import type { ProgramId } from '../real/index.ts';
import { declareScenarios } from './declare.ts';
import type { Scenario } from './scenario.ts';

const helms: Readonly<Record<Scenario['helms'], readonly ProgramId[]>> = {
  newest: [],
  '4': ['helm-4.1', 'helm-4.3'],
  all: ['helm-3.17', 'helm-4.1', 'helm-4.3'],
};

describe('The doctor, on a real control plane with old and new helms', () =>
  declareScenarios((one) => helms[one.helms]));
