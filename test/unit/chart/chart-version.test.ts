import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { checkChartVersion } from '../../../tasks/common/chart/metadata/identity.ts';
import { refusalOf } from './refusal.ts';

const check = (text: string) => checkChartVersion(text, 'input chartVersion');

describe('the version of a chart', () => {
  for (const version of [
    '1.2.3',
    '0.0.0',
    '1.2.3-rc.1',
    '1.2.3-alpha-2.x',
    '1.2.3+build.5',
    '1.2.3-0+001',
    '20261122.1.0',
  ]) {
    it(`may be ${version}`, () => assert.equal(check(` ${version}\n`), version));
  }

  for (const [version, reason] of [
    ['v1.2.3', /no leading "v".*Write "1\.2\.3"/],
    ['V1.2.3', /no leading "v"/],
    ['1.2', /three numbers: "1\.2\.0"/],
    ['1', /three numbers: "1\.0\.0"/],
    ['', /empty/],
    ['1.0.0-0123', /must not start with 0/],
    ['01.2.3', /must not start with 0/],
    ['20261122.01', /must not start with 0/],
    ['=1.2.3', /not a SemVer 2 version/],
    ['1.2.3.4', /not a SemVer 2 version/],
    ['1.2.3-', /not a SemVer 2 version/],
    ['1.2.3+a_b', /not a SemVer 2 version/],
    ['^1.2.3', /not a SemVer 2 version/],
    ['latest', /not a SemVer 2 version/],
    ['vnext', /"vnext", which is not a SemVer 2 version/],
    ['1.2.3\u001b[31m', /1\.2\.3\\u\{1b\}\[31m/],
    [`1.2.3-${'a'.repeat(130)}`, /136 characters.*at most 128/],
    ['x'.repeat(5000), /x{80}…/],
  ] as const) {
    it(`cannot be ${JSON.stringify(version.slice(0, 20))}`, async () => {
      const message = await refusalOf(() => check(version));
      assert.match(message, /^The input chartVersion is "/);
      assert.match(message, reason);
    });
  }

  it('is never changed but for white space around it, and always fits a tag', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9v.+a-z-]{1,20}$/), (text) => {
        let version;
        try {
          version = check(` ${text} `);
        } catch {
          return;
        }
        assert.equal(version, text);
        assert.match(version.replaceAll('+', '_'), /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
      }),
    );
  });
});
