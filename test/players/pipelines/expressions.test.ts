import assert from 'node:assert/strict';
import { probe } from './expanding.ts';
import { parameters } from './expression-parameters.ts';

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
  ['parameters.number', '1'],
  ['parameters.FLAG', 'True'],
  ['parameters.object.Key', 'a'],
  ['parameters.object.key', ''],
  ["parameters['object']['deep'].x", '1'],
  ['parameters.list[1]', 'Two'],
  // Right becomes what left is; what cannot is not equal.
  ["eq('1', 1)", 'True'],
  ["eq('1.0', 1)", 'False'],
  ["eq(1, '1.0')", 'True'],
  ["eq(1000, ' 1,000 ')", 'True'],
  ["eq(1, '1e0')", 'False'],
  ["eq(0, '')", 'True'],
  ['eq(true, 7)', 'True'],
  ["eq(true, 'false')", 'True'],
  ["eq('true', true)", 'True'],
  ["eq(false, '')", 'True'],
  ['eq(1, true)', 'True'],
  ['eq(variables.missing, 0)', 'False'],
  ["eq(variables.missing, '')", 'True'],
  ['eq(variables.missing, variables.other)', 'True'],
  ['eq(parameters.object.deep, parameters.object.deep)', 'True'],
  ["eq('x', parameters.list)", 'False'],
  ["eq(1.2.3, '1.2.3')", 'True'],
  ["eq(1.2.0, '1.2')", 'False'],
  ["lt(1.2.3, '1.10.0')", 'True'],
  ["gt('10', '9')", 'False'],
  ["gt(10, '9')", 'True'],
  ['le(variables.missing, 0)', 'True'],
  ['gt(true, false)', 'True'],
  // Numbers and versions as text.
  ['-1.2', '-1.2'],
  ['.5', '0.5'],
  ['+3', '3'],
  ['1.10', '1.1'],
  ['-0', '0'],
  ['0.123456789', '0.1234568'],
  ['1000000', '1000000'],
  ['1.2.3', '1.2.3'],
  ['1.2.3.4', '1.2.3.4'],
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
  ["ge('a', parameters.list)", /: Unable to convert from Array to String\. Value: Array$/],
  ['lt(1, 1.2.3)', /: Unable to convert from Version to Number\. Value: v1\.2\.3$/],
  ["lt(1.2.3, 'x')", /: Unable to convert from String to Version\. Value: 'x'$/],
  ['gt(parameters.list, 1)', /: Unable to convert from Array to Number\. Value: Array$/],
  ['upper(parameters.object)', /: Unable to convert from Object to String\. Value: Object$/],
  ["format('{0}')", /: The following format string references more arguments than were supplied: \{0\}$/],
  ["format('{x}', 1)", /: The following format string is invalid: \{x\}$/],
  ["format('}', 1)", /: The following format string is invalid: \}$/],
  ["format('{0:yyyy}', 'x')", /: The format specifiers 'yyyy' are not valid for objects of type 'String'$/],
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
      assert.throws(() => probe(expression, parameters), /^Error: \/azure-pipelines\.yml \(Line: 24, Col: 10\): /);
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
