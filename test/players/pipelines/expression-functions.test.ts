import assert from 'node:assert/strict';
import { probe } from './expanding.ts';
import { parameters } from './expression-parameters.ts';

/** An expression and what its text is. */
const results: readonly (readonly [string, string])[] = [
  ["in('a', 'b', 'A')", 'True'],
  ["notIn('a', 'b', 'c')", 'True'],
  ["contains('ABC', 'b')", 'True'],
  ["containsValue(parameters.list, 'two')", 'True'],
  ["containsValue(parameters.object, 'a')", 'True'],
  ["coalesce(variables.missing, '', 'x')", 'x'],
  ["join('-', parameters.list)", 'one-Two'],
  ["join('-', parameters.object.deep)", ''],
  ['length(parameters.object)', '4'],
  ["length('abc')", '3'],
  ["format('{0} {{x}} {1}', 'a', true)", 'a {x} True'],
  ["iif(parameters.flag, 'y', 'n')", 'y'],
  ["replace('aAa', 'a', 'b')", 'bAb'],
  ["join('|', split('a,b', ','))", 'a|b'],
  ["join('|', split('a, b', ','))", 'a| b'],
  ["upper('a')", 'A'],
  ["lower('A')", 'a'],
  ["trim(' a ')", 'a'],
  ['xor(true, false)', 'True'],
  ['and(true, parameters.object.empty)', 'True'],
  ["or(false, '')", 'False'],
  ['not(parameters.object.none)', 'True'],
  ['convertToJson(parameters.list)', '[\n  "one",\n  "Two"\n]'],
  ["startsWith('Abc', 'aB')", 'True'],
  ["endsWith('Abc', 'BC')", 'True'],
  ["format('{0}', 1.50)", '1.5'],
  // Truth.
  ["iif('false', 'y', 'n')", 'y'],
  ["iif(0, 'y', 'n')", 'n'],
  ['not(variables.missing)', 'True'],
  ['and(parameters.list, 1.2.3)', 'True'],
  ['or(true, parameters.missing)', 'True'],
  ['and(false, parameters.missing)', 'False'],
  ["coalesce(0, 'x')", '0'],
  ["coalesce('', variables.missing)", ''],
  ["coalesce('a', parameters.missing)", 'a'],
  ["in('a', 1, 'b')", 'False'],
  ["notIn('a', 'A')", 'False'],
  // Text.
  ["contains('', '')", 'True'],
  ["contains(123, '2')", 'True'],
  ["format('{1}{0}{1}', 'a', 'b')", 'bab'],
  ["format('{{{0}}}', 'a')", '{a}'],
  ["format('none')", 'none'],
  ["format('{0}', variables.missing)", ''],
  ["join('-', 'text')", 'text'],
  ["join(',', parameters.object.empty)", ''],
  ['length(variables.missing)', '0'],
  ['length(parameters.list)', '2'],
  ['length(12345)', '5'],
  ["join('|', split('a,,b,', ','))", 'a||b|'],
  ["join('|', split('a--b', '--'))", 'a|b'],
  ["split('a,b', ',')[1]", 'b'],
  ["length(split('', ','))", '1'],
  ["replace('a.b.c', '.', '')", 'abc'],
  ["replace('abc', 'B', 'x')", 'abc'],
  ["trim('\ta ')", 'a'],
  ["upper('äß')", 'Äß'],
  // Members.
  ["parameters.list['0']", 'one'],
  ['parameters.list[1.9]', 'Two'],
  ['parameters.list[7]', ''],
  ["parameters.list['x']", ''],
  ['parameters.list[-1]', ''],
  ['parameters.object.deep.none.deeper', ''],
  ["parameters.object[format('{0}ey', 'K')]", 'a'],
  ["join(',', parameters.steps.*.name)", 'a,b'],
  ["join(',', parameters.steps[*]['name'])", 'a,b'],
  ['length(parameters.steps.*.env)', '1'],
  ["join(',', parameters.steps.*.env.*)", '1'],
  ["containsValue(parameters.steps.*.name, 'B')", 'True'],
  ["containsValue(parameters.list, 'x')", 'False'],
  ["containsValue('one', 'one')", 'False'],
  ["convertToJson('a\"b')", '"a\\"b"'],
  ['convertToJson(true)', 'true'],
  ['convertToJson(1.50)', '1.5'],
  ['convertToJson(variables.missing)', 'null'],
  ['convertToJson(parameters.object.empty)', '[]'],
  ['convertToJson(parameters.numbered)', '{\n  "b": "1",\n  "2": "true",\n  "1": []\n}'],
];

describe('functions and members in expressions', () => {
  for (const [expression, expected] of results) {
    it(expression, () => {
      assert.equal(probe(expression, parameters), expected);
    });
  }
});
