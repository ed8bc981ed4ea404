import { declareScenarios } from '../scenario-runs/declare.ts';

describe('The doctor, on a real control plane with the newest helm', () => declareScenarios(() => ['helm-4.3']));
