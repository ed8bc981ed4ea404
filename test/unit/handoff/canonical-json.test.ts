import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { canonicalJson } from '../../../tasks/common/handoff/seal.ts';

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, shuffled(member)] as const);
  return Object.fromEntries(members.toReversed());
}

const values = fc.jsonValue({ maxDepth: 4 });

describe('canonical JSON', () => {
  it('is that of RFC 8785, section 3.2', () => {
    const value = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],` +
        String.raw`"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    ) as unknown;
    assert.equal(
      canonicalJson(value),
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts keys by UTF-16 code units', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(names.map((name) => [name, 0])))) as object);
    assert.deepEqual(sorted, ['1', '\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
  });

  it('is the same for every order of keys', () => {
    fc.assert(fc.property(values, (value) => canonicalJson(shuffled(value)) === canonicalJson(value)));
  });

  it('is JSON of the same value, and its own canonical form', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalJson(value);
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        assert.deepEqual(JSON.parse(text), plain);
        assert.equal(canonicalJson(JSON.parse(text)), text);
      }),
    );
  });

  it('is the same for the same values only', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        fc.pre(canonicalJson(one) === canonicalJson(other));
        assert.deepEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
      }),
      { numRuns: 20, maxSkipsPerRun: 10_000 },
    );
  });
});
