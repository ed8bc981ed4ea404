import { declareScenarios } from './declare.ts';

describe('The doctor, on a real control plane with old and new helms', () =>
  declareScenarios(['helm-3.17', 'helm-4.1', 'helm-4.3'], ({ helms }) => helms === 'all'));
