import assert from 'node:assert/strict';
import { probe } from './expanding.ts';

const parameters = `parameters:
- name: list
  type: object
  default: [one, Two]
- name: same
  type: object
  default: [one, Two]
- name: object
  type: object
  default: {Key: a, none: , empty: [], deep: {x: 1}}
- name: flag
  type: boolean
  default: true
- name: number
  type: number
  default: 1.0
`;

/** An expression and what its text is. */
const results: readonly (readonly [string, string])[] = [
  ["'it''s'", "it's"],
  ['TRUE', 'True'],
  ['EQ(1, 1)', 'True'],
  ["eq('A', 'a')", 'True'],
  ["eq(1, '1')", 'True'],
  ["eq(1, 'x')", 'False'],
  ["ne(1, 'x')", 'True'],
  ["eq('', variables.missing)", 'True'],
  ['eq(0, variables.missing)', 'True'],
  ['eq(parameters.list, parameters.list)', 'True'],
  ['eq(parameters.list, parameters.same)', 'False'],
  ["eq(parameters.flag, 'TRUE')", 'True'],
  ['lt(1, 2)', 'True'],
  ["ge('b', 'A')", 'True'],
  ['gt(1.10.0, 1.9.9)', 'True'],
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
  ['parameters.number', '1'],
  ['parameters.FLAG', 'True'],
  ['parameters.object.Key', 'a'],
  ['parameters.object.key', ''],
  ["parameters['object']['deep'].x", '1'],
  ['parameters.list[1]', 'Two'],
  ['convertToJson(parameters.list)', '[\n  "one",\n  "Two"\n]'],
  ["startsWith('Abc', 'aB')", 'True'],
  ["endsWith('Abc', 'BC')", 'True'],
];

/** An expression and what the service says against it. */
const refusals: readonly (readonly [string, RegExp])[] = [
  ['parameters.missing', /: Key not found 'missing'$/],
  ['null', /: Unrecognized value: 'null'\. Located at position 1 within expression: null\. For more help/],
  ["lt(1, 'x')", /: Unable to convert from String to Number\. Value: 'x'$/],
  ["in('a')", /: Unexpected symbol: '\)'\. Located at position 7 within expression: in\('a'\)\. /],
  ['not(1, 2)', /: Unexpected symbol: ','\. Located at position 6 /],
  ['1 == 1', /: Unrecognized value: '=='\. Located at position 3 /],
  ['contains(parameters.list, 1)', /: Unable to convert from Array to String\. Value: Array$/],
  ['counter(1, 1)', /: Unrecognized value: 'counter'/],
  ['', /: An expression was expected$/],
];

describe('expressions of templates', () => {
  for (const [expression, expected] of results) {
    it(expression, () => {
      assert.equal(probe(expression, parameters), expected);
    });
  }
  for (const [expression, message] of refusals) {
    it(`refuses ${expression || 'nothing'}`, () => {
      assert.throws(() => probe(expression, parameters), message);
      assert.throws(() => probe(expression, parameters), /^Error: \/azure-pipelines\.yml \(Line: 18, Col: 10\): /);
    });
  }
  it('predefined variables are those of a manual run, Null, or refused by name', () => {
    assert.equal(probe("variables['Build.Reason']"), 'Manual');
    assert.equal(probe("variables['build.sourceBranch']"), 'refs/heads/main');
    assert.equal(probe("variables['Build.BuildId']"), '');
    assert.equal(probe("variables['Agent.OS']"), '');
    assert.throws(
      () => probe("variables['System.TeamProject']"),
      /^Error: not supported: the predefined variable 'System.TeamProject'/,
    );
  });
});
