import assert from 'node:assert/strict';
import semver from 'semver';
import { helmRange, knownDefect, toPackage } from '../../../tasks/common/helm/versions.ts';
import { refusalOf } from '../chart/refusal.ts';

describe('the versions of helm that a step may run', () => {
  it('are all from 3.17 on, unless the input narrows them', () => {
    assert.deepEqual(
      ['3.16.4', '3.17.0', '3.17.3', '4.1.4', '4.2.3'].map((version) => fits(undefined, version)),
      [false, true, true, true, true],
    );
    assert.deepEqual(
      ['3.17.3', '4.1.4', '4.2.3', '5.0.0'].map((version) => fits('4.x', version)),
      [false, true, true, false],
    );
    assert.deepEqual(
      ['3.16.0', '3.17.3', '4.1.4'].map((version) => fits('3', version)),
      [false, true, false],
    );
    assert.deepEqual(
      ['3.16.0', '3.17.3', '4.1.4'].map((version) => fits('3.16 || 4.1', version)),
      [false, false, true],
    );
    assert.deepEqual(
      ['4.1.4', '4.1.5'].map((version) => fits('4.1.4', version)),
      [true, false],
    );
  });

  it('cannot be older ones, or none', async () => {
    for (const wanted of ['3.16.4', '3.10', '<3.17.0', '2']) {
      assert.match(
        await refusalOf(() => rangeFor(wanted)),
        /^Input helmVersion asks for .*; this task needs 3\.17\.0 or later\.$/,
      );
    }
    for (const wanted of ['latest', 'v4 or so', '4.1.4 --flag']) {
      assert.match(
        await refusalOf(() => rangeFor(wanted)),
        /^Input helmVersion is '.*'; it takes a version such as 4\.1\.4 or/,
      );
    }
  });

  it('include one with known defects, which is told', () => {
    assert.match(knownDefect('3.18.0') ?? '', /^helm 3\.18\.0 has known defects: .*use 3\.18\.1 or later\.$/);
    assert.equal(knownDefect('3.18.1'), undefined);
  });
});

function fits(wanted: string | undefined, version: string): boolean {
  return semver.satisfies(version, rangeFor(wanted));
}

const rangeFor = (value: string | undefined): string => helmRange({ input: 'helmVersion', value }, toPackage);
