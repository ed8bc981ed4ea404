import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { matchesWildcard } from '../../../tasks/common/text/wildcard.ts';

const matching = [
  ['refs/heads/main', 'refs/heads/main'],
  ['*', ''],
  ['*', 'refs/tags/v1'],
  ['refs/heads/*', 'refs/heads/'],
  ['refs/heads/*', 'refs/heads/team/one'],
  ['*/main', 'refs/heads/main'],
  ['refs/*/main', 'refs/heads/main'],
  ['a*b*c', 'abc'],
  ['a*b*c', 'a-b-b-c'],
  ['a**c', 'ac'],
  ['(.+)*$', '(.+) and $'],
] as const;

const others = [
  ['refs/heads/main', 'refs/heads/main2'],
  ['refs/heads/main', 'refs/heads/Main'],
  ['refs/heads/*', 'refs/head'],
  ['a*a', 'a'],
  ['ab*bc', 'abc'],
  ['a*b*c', 'acb'],
  ['', 'a'],
  ['a.c', 'abc'],
] as const;

describe('a wildcard', () => {
  for (const [pattern, text] of matching)
    it(`'${pattern}' stands for '${text}'`, () => assert.ok(matchesWildcard(pattern, text)));

  for (const [pattern, text] of others)
    it(`'${pattern}' does not stand for '${text}'`, () => assert.ok(!matchesWildcard(pattern, text)));

  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
  it('stands for what a regular expression with .* for each * stands for', () =>
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), letters, (parts, text) => {
        const expected = new RegExp(`^${parts.join('.*')}$`).test(text);
        assert.equal(matchesWildcard(parts.join('*'), text), expected);
      }),
    ));

  it('with very many parts has an answer for a long text', () => {
    const pattern = `${'a*'.repeat(20_000)}b`;
    assert.ok(!matchesWildcard(pattern, 'a'.repeat(100_000)));
    assert.ok(matchesWildcard(pattern, `${'a'.repeat(100_000)}b`));
  });
});
