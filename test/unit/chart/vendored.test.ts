import assert from 'node:assert/strict';
import { fits, isComplete } from '../../../tasks/common/chart/dependencies/vendored.ts';

const archive = (name: string, version: string) => ({
  entry: `${name}-${version}.tgz`,
  isArchive: true,
  name,
  version,
});

describe('charts/ of a chart', () => {
  const repository = 'oci://contoso.azurecr.io/helm';
  const asked = { dependencies: [{ name: 'common', version: '1.x', repository }] };

  it('is complete with each chart in a version that the lock, or else Chart.yaml, names', () => {
    const there = [archive('common', '1.2.0')];
    assert.ok(isComplete(asked, undefined, there));
    assert.ok(isComplete(asked, [{ name: 'common', version: '1.2.0', repository }], there));
    assert.ok(isComplete(asked, undefined, [...there, archive('unasked', '3.0.0')]));
    assert.ok(isComplete({ dependencies: [...asked.dependencies, { name: 'own', version: '1.x' }] }, undefined, there));
  });

  for (const [what, locked, there] of [
    ['one is missing', undefined, [archive('other', '1.2.0')]],
    ['one is of a wrong version', undefined, [archive('common', '2.0.0')]],
    ['the lock has another version', [{ name: 'common', version: '1.3.0' }], [archive('common', '1.2.0')]],
    ['the lock does not fit Chart.yaml', [{ name: 'common', version: '2.0.0' }], [archive('common', '2.0.0')]],
    ['the lock lacks it', [], [archive('common', '1.2.0')]],
    ['one is there twice', undefined, [archive('common', '1.2.0'), archive('common', '1.3.0')]],
  ] as const) {
    it(`is not where ${what}`, () => {
      assert.ok(!isComplete(asked, locked, there));
    });
  }

  for (const [version, range, expected] of [
    ['1.2.3', '1.2.3', true],
    ['1.2.3', '', true],
    ['1.2.3', '>=1.0.0, <2', true],
    ['1.2.3', '>= 1.0 < 1.2', false],
    ['1.2.3', '=>1.2', true],
    ['1.2.3', '^1.1 || ^2', true],
    ['1.2.3-rc.1', '>=1.0.0', false],
    ['1.2.3-rc.1', '>=1.0.0-0', true],
    ['1.2.3', '1.2.x', true],
    ['1.2.3', '!=1.0.0', false],
    ['1.2', '1.2.0', false],
  ] as const) {
    it(`has ${version} for ${range || 'no range'}: ${expected ? 'it fits' : 'helm is asked'}`, () => {
      assert.equal(fits(version, range), expected);
    });
  }
});
