import assert from 'node:assert/strict';
import { ignoreRules } from '../../../tasks/common/chart/folder/helmignore.ts';
import { pathPattern } from '../../../tasks/common/chart/folder/path-match.ts';
import { refusalOf } from './refusal.ts';

describe('a pattern of .helmignore', () => {
  // What filepath.Match of Go says (path/filepath, match_test.go has cases of the same kinds).
  for (const [pattern, name, expected] of [
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*', 'a/c', false],
    ['*c', 'abc', true],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
    ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
    ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
    ['a*b?c*x', 'abxbbxdbxebxczzx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzy', false],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[^b-d]', 'abc', false],
    ['ab[^e-g]', 'abc', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'ab', false],
    ['a?b', 'a☺b', true],
    ['a[^a]b', 'a☺b', true],
    ['a???b', 'a☺b', false],
    ['[a-ζ]*', 'α', true],
    ['*[a-ζ]', 'A', false],
    ['a?b', 'a/b', false],
    ['[\\]a]', ']', true],
    ['[\\-x]', '-', true],
    ['a[', 'a', undefined],
    ['[]a]', ']', undefined],
    ['[-]', '-', undefined],
    ['[a-', 'a', undefined],
    ['[a-b-c]', 'a', undefined],
    ['*x', 'xxx', true],
    ['a\\', 'a', undefined],
  ] as const) {
    it(`${pattern} ${expected === undefined ? 'is none' : `${expected ? 'takes' : 'does not take'} ${name}`}`, () => {
      assert.equal(pathPattern(pattern)?.matches(name), expected);
    });
  }

  it('takes no time that grows with what it could mean', () => {
    assert.equal(pathPattern(`${'*a'.repeat(2000)}b`)?.matches('a'.repeat(4000)), false);
  });
});

const ignored = (text: string, name: string, isFolder = false) => ignoreRules(text).ignores(name, isFolder);

describe('.helmignore', () => {
  it('holds a rule without a slash against the last name, and one with a slash against the whole path', () => {
    assert.ok(ignored('*.bak', 'files/deep/a.bak'));
    assert.ok(ignored('files/*.bak', 'files/a.bak'));
    assert.ok(!ignored('files/*.bak', 'more/files/a.bak'));
    assert.ok(ignored('/a.bak', 'a.bak'));
    assert.ok(!ignored('/a.bak', 'files/a.bak'));
  });

  it('takes a rule with a slash at its end for folders only', () => {
    assert.ok(ignored('secret/', 'files/secret', true));
    assert.ok(!ignored('secret/', 'files/secret'));
  });

  it('ignores with "!" all that the rule does not take, unlike git', () => {
    assert.ok(ignored('!keep.txt', 'values.yaml'));
    assert.ok(!ignored('!keep.txt', 'keep.txt'));
    assert.ok(ignored('!keep/', 'keep'));
  });

  it('passes over comments, white space, a byte order mark and carriage returns', () => {
    assert.ok(ignored('\ufeff*.bak\r\n# *.yaml\r\n\r\n', 'a.bak'));
    assert.ok(!ignored('\ufeff*.bak\r\n# *.yaml\r\n\r\n', 'a.yaml'));
  });

  it('always ignores hidden files in templates', () => {
    assert.ok(ignored('', 'templates/.swp'));
    assert.ok(!ignored('', 'templates/sub/.swp'));
    assert.ok(!ignored('', 'files/.swp'));
  });

  it('is refused where helm refuses it, and where it is endless', async () => {
    assert.match(
      await refusalOf(async () => ignoreRules('a\n**/b')),
      /^\.helmignore, line 2: helm cannot read "\*\*\/b"/,
    );
    assert.match(await refusalOf(async () => ignoreRules('[a')), /line 1: helm cannot read "\[a", since a "\["/);
    assert.match(await refusalOf(async () => ignoreRules('a\n'.repeat(2000))), /has more than the 1000 lines/);
  });
});
