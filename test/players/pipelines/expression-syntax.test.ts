import assert from 'node:assert/strict';
import { expandCase, probe } from './expanding.ts';

const help = 'For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996';

/** An expression, what is wrong with it, and the sign at which that is noticed. */
const refused: readonly (readonly [string, string, string, number])[] = [
  ['foo(1)', 'Unrecognized value', 'foo', 1],
  ['eq(1, foo)', 'Unrecognized value', 'foo', 7],
  ['succeeded()', 'Unrecognized value', 'succeeded', 1],
  ['counter(1, 2)', 'Unrecognized value', 'counter', 1],
  ['null', 'Unrecognized value', 'null', 1],
  ['eq(1, null)', 'Unrecognized value', 'null', 7],
  ['1 && 2', 'Unrecognized value', '&&', 3],
  ['!true', 'Unrecognized value', '!true', 1],
  ['"text"', 'Unrecognized value', '"text"', 1],
  ['variables[`a`]', 'Unrecognized value', '`a`', 11],
  ['1.2.x', 'Unrecognized value', '1.2.x', 1],
  ['parameters.my-name', 'Unexpected symbol', 'my-name', 12],
  ["parameters.'a'", 'Unexpected symbol', "'a'", 12],
  ['eq(1)', 'Unexpected symbol', ')', 5],
  ['eq()', 'Unexpected symbol', ')', 4],
  ['eq(1, 2, 3)', 'Unexpected symbol', ',', 8],
  ['eq(1, )', 'Unexpected symbol', ')', 7],
  ['eq(, 1)', 'Unexpected symbol', ',', 4],
  ['eq(1 2)', 'Unexpected symbol', '2', 6],
  ['true false', 'Unexpected symbol', 'false', 6],
  ["'a'.b", 'Unexpected symbol', '.', 4],
  [')', 'Unexpected symbol', ')', 1],
  ['variables[]', 'Unexpected symbol', ']', 11],
  ['eq', "Expected '(' to follow a function", 'eq', 1],
  ['not true', "Expected '(' to follow a function", 'not', 1],
  ['eq(1, 2', 'Unclosed function', 'eq', 1],
  ["variables['a'", 'Unclosed indexer', '[', 10],
  ['variables.', 'Expected a property name to follow the dereference operator', '.', 10],
];

const untaken = (expression: string): string => `steps:\n- \${{ if false }}:\n  - script: \${{ ${expression} }}\n`;
const nested = (depth: number): string => `${'not('.repeat(depth)}true${')'.repeat(depth)}`;

describe('the syntax of expressions', () => {
  for (const [expression, what, sign, position] of refused) {
    it(`refuses ${expression}`, () => {
      assert.throws(() => probe(expression), {
        message: `/azure-pipelines.yml (Line: 2, Col: 10): ${what}: '${sign}'. Located at position ${position} within expression: ${expression}. ${help}`,
      });
    });
  }
  it('refuses nothing at all', () => {
    assert.throws(() => probe(''), { message: '/azure-pipelines.yml (Line: 2, Col: 10): An expression was expected' });
  });
  it('is looked at where no condition leads, names are not', () => {
    assert.throws(() => expandCase(untaken('eq(1')), /\(Line: 3, Col: 13\): Unclosed function: 'eq'/);
    assert.doesNotThrow(() => expandCase(untaken('foo(parameters.bar)')));
  });
  it('has an end to depth and length', () => {
    assert.equal(probe(nested(48)), 'True');
    assert.throws(() => probe(nested(50)), {
      message: `/azure-pipelines.yml (Line: 2, Col: 10): Exceeded max expression depth 50. ${help}`,
    });
    assert.throws(() => probe(`'${'x'.repeat(21_000)}'`), {
      message: `/azure-pipelines.yml (Line: 2, Col: 10): Exceeded max expression length 21000. ${help}`,
    });
  });
  it('of an expression that is not closed is refused', () => {
    assert.throws(() => expandCase("steps:\n- script: a ${{ eq('}}', 1)\n"), {
      message:
        '/azure-pipelines.yml (Line: 2, Col: 11): The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.',
    });
  });
});
