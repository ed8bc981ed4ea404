import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, stagesWith } from './delivery.ts';

const keyList = readFileSync(path.join(root, 'templates/internal/check-environment-keys.yml'), 'utf8');
const [, known = ''] = /;(\w+(?:;\w+)+);/.exec(keyList) ?? [];
const keys = [...known.split(';'), 'clutser'];

const text = fc.constantFrom('', 'x', 'qa', 'a b', "it's", '$(x)', 'a: b', '-1', 'true', '12');
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const list = fc.array(fc.oneof(scalar, fc.constant(['y']), fc.constant({ cluster: 'a', wave: 'x' })), { maxLength: 3 });
const mapping = fc.dictionary(fc.constantFrom('a', 'cluster', 'name'), scalar, { minKeys: 1, maxKeys: 2 });
const anything = fc.oneof(scalar, list, mapping);

/** Keys with any values; sometimes with what a sound environment needs. A hook with a step of unknown keys is the service's to refuse. */
const environment = fc
  .tuple(fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 5 }), fc.boolean())
  .map(([values, isNamed]) => {
    const own = Object.entries(values).filter(([key, value]) => !(key.endsWith('Deploy') && Array.isArray(value)));
    return { ...(isNamed && { name: 'qa', resourceGroup: 'r', cluster: 'c' }), ...Object.fromEntries(own) };
  });
const environments = fc.oneof(
  { weight: 5, arbitrary: fc.array(environment, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: anything },
);

/** The same without objects that stand in it twice, which would be written as an anchor. */
const copy = (given: unknown): unknown => JSON.parse(JSON.stringify(given));

describe('any other list of environments', () => {
  it('is refused in words that begin with the environment, or expands', () => {
    let refused = 0;
    const check = fc.property(environments, fc.boolean(), (given, rollbackStage) => {
      const parameters = {
        projectName: 'orders',
        azureSubscription: 'a',
        registry: 'r',
        environments: copy(given),
        rollbackStage,
      };
      try {
        stagesWith('stages/deploy-environments.yml', parameters);
      } catch (error) {
        assert.ok(error instanceof Error);
        const [first = ''] = error.message.split('\n');
        assert.match(first, /^\/templates\/internal\/check-\S+ \(Line: \d+, Col: \d+\): Unexpected value 'environment/);
        refused += 1;
      }
    });
    fc.assert(check, { numRuns: 100 });
    assert.ok(refused > 20, `only ${refused} were refused`);
  });
});
